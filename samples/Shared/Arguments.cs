namespace RolloutSamples;

/// <summary>What a sample is asked on its command line.</summary>
internal sealed record Arguments(bool Fail, string? Router, string? Page)
{
    public static Arguments Read(IReadOnlyList<string> words, params string[] routers)
    {
        bool fail = false;
        string? router = null, page = null;
        for (int i = 0; i < words.Count; i++)
        {
            switch (words[i])
            {
                case "--fail":
                    fail = true;
                    break;
                case "--page" when i + 1 < words.Count:
                    page = words[++i];
                    break;
                case "--router" when i + 1 < words.Count && routers.Contains(words[i + 1]):
                    router = words[++i];
                    break;
                default:
                    throw new ArgumentException($"Not understood: {words[i]}. Known: --fail, --page FILE{(routers.Length == 0 ? "" : $", --router {string.Join('|', routers)}")}");
            }
        }

        return new Arguments(fail, router, page);
    }
}
