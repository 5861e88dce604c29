using System.Globalization;

namespace HelmLifecycle.Charts;

/// <summary>Takes rendered files apart into hooks and documents, both in install order of their kinds: Helm's <c>SortManifests</c>.</summary>
internal static class ManifestSorter
{
    private const string HookAnnotation = "helm.sh/hook";
    private const string WeightAnnotation = "helm.sh/hook-weight";
    private const string DeleteAnnotation = "helm.sh/hook-delete-policy";
    private const string OutputLogAnnotation = "helm.sh/hook-output-log-policy";

    /// <exception cref="ManifestException">A document is no YAML.</exception>
    internal static (IReadOnlyList<Hook> Hooks, IReadOnlyList<ManifestDocument> Documents) Sort(
        IReadOnlyDictionary<string, string> files, KindOrder order, Action<string>? warn, CancellationToken cancellationToken)
    {
        var hooks = new List<Hook>();
        var documents = new List<ManifestDocument>();
        foreach (string path in files.Keys.Order(GoString.Comparer))
        {
            if (GoPath.Base(path).StartsWith('_') || GoText.Trim(files[path]).IsEmpty)
                continue;
            foreach (string text in ManifestSplitter.Split(files[path]))
            {
                cancellationToken.ThrowIfCancellationRequested();
                ManifestHead head = ManifestHead.Read(text, path);
                if (!head.Annotations.TryGetValue(HookAnnotation, out string? events))
                    documents.Add(new ManifestDocument(path, text, head));
                else if (TryReadEvents(events, out List<HookEvent> hookEvents))
                    hooks.Add(MakeHook(path, text, head, hookEvents));
                else
                    warn?.Invoke($"skipping unknown hooks: {events}");
            }
        }

        return (order.Sort(hooks, h => h.Kind), order.Sort(documents, d => d.Head.Kind));
    }

    private static Hook MakeHook(string path, string text, ManifestHead head, List<HookEvent> events) => new()
    {
        Name = head.Name,
        Kind = head.Kind,
        Path = path,
        Manifest = text,
        Events = events,
        Weight = Weight(head),
        DeletePolicies = Words(head, DeleteAnnotation),
        OutputLogPolicies = Words(head, OutputLogAnnotation),
    };

    private static int Weight(ManifestHead head) =>
        head.Annotations.TryGetValue(WeightAnnotation, out string? text)
        && int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int weight)
            ? weight
            : 0;

    private static string[] Words(ManifestHead head, string annotation) =>
        head.Annotations.TryGetValue(annotation, out string? text) ? Array.ConvertAll(text.Split(','), Word) : [];

    // One unknown word drops the whole document, as in Helm.
    private static bool TryReadEvents(string text, out List<HookEvent> events)
    {
        events = [];
        foreach (string word in text.Split(','))
        {
            if (!HookWords.TryParse(Word(word), out HookEvent hookEvent))
                return false;
            events.Add(hookEvent);
        }

        return true;
    }

    private static string Word(string text) => GoText.Trim(text).ToString().ToLowerInvariant();
}
