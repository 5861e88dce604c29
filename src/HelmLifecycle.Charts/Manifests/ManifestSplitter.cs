namespace HelmLifecycle.Charts;

/// <summary>Cuts rendered files into documents, on their text: Helm does not write them anew.</summary>
public static class ManifestSplitter
{
    private const string Source = "# Source: ";

    /// <summary>
    /// Cuts a text where Helm 3 and Helm 4.0 do: at <c>---</c> at its start or after a line feed, whatever follows, with the white space
    /// around. Documents are trimmed and empty ones left out. As in Helm, a <c>---</c> right after such a cut is no cut itself.
    /// </summary>
    public static IReadOnlyList<string> Split(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        ReadOnlySpan<char> whole = GoText.Trim(text);
        var documents = new List<string>();
        int start = 0;
        for (int from = 0; TryFindCut(whole, from, out int cut, out int next); from = start = next)
            Add(documents, whole[start..cut], text);
        Add(documents, whole[start..], text);
        return documents;
    }

    /// <summary>Cuts a stored manifest into documents and reads their heads; the path is that of the <c># Source:</c> line.</summary>
    /// <exception cref="ManifestException">A document is no YAML.</exception>
    public static IReadOnlyList<ManifestDocument> Read(string manifest)
    {
        var documents = new List<ManifestDocument>();
        foreach (string text in Split(manifest))
        {
            string path = SourceOf(text);
            documents.Add(new ManifestDocument(path, text, ManifestHead.Read(text, path)));
        }

        return documents;
    }

    /// <summary>Writes documents as Helm stores them: each after <c>---</c> and <c># Source: path</c>.</summary>
    public static string Join(IReadOnlyCollection<ManifestDocument> documents)
    {
        ArgumentNullException.ThrowIfNull(documents);
        const string Start = "---\n" + Source;
        int length = documents.Sum(d => Start.Length + d.Path.Length + d.Text.Length + 2);
        // Manifests can be large: the text is made once, in place.
        return string.Create(length, documents, static (manifest, documents) =>
        {
            foreach (ManifestDocument document in documents)
            {
                manifest = Put(manifest, Start);
                manifest = Put(Put(manifest, document.Path), "\n");
                manifest = Put(Put(manifest, document.Text), "\n");
            }
        });

        static Span<char> Put(Span<char> target, string text)
        {
            text.CopyTo(target);
            return target[text.Length..];
        }
    }

    // The cut is the white space before the line feed, the dashes, and the white space after.
    private static bool TryFindCut(ReadOnlySpan<char> text, int from, out int cut, out int next)
    {
        for (int at = from; ; at++)
        {
            int found = text[at..].IndexOf("---");
            cut = next = text.Length;
            if (found < 0)
                return false;
            at += found;
            bool afterLine = at > from && text[at - 1] == '\n';
            if (at != 0 && !afterLine)
                continue;
            cut = at;
            while (afterLine && cut > from && IsRegexSpace(text[cut - 1]))
                cut--;
            next = at + 3;
            while (next < text.Length && IsRegexSpace(text[next]))
                next++;
            return true;
        }
    }

    private static void Add(List<string> documents, ReadOnlySpan<char> part, string text)
    {
        if (part.IsEmpty)
            return;
        ReadOnlySpan<char> document = GoText.Trim(part);
        documents.Add(document.Length == text.Length ? text : document.ToString());
    }

    // What \s is in Go's regular expressions.
    private static bool IsRegexSpace(char c) => c is ' ' or '\t' or '\n' or '\f' or '\r';

    private static string SourceOf(string document)
    {
        int start = document.IndexOf(Source, StringComparison.Ordinal);
        if (start < 0)
            return "";
        ReadOnlySpan<char> rest = document.AsSpan(start + Source.Length);
        int end = rest.IndexOf('\n');
        return GoText.Trim(end < 0 ? rest : rest[..end]).ToString();
    }
}
