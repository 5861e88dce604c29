namespace UpgradeRollback;

/// <summary>What the sample is asked on its command line.</summary>
internal sealed record Arguments(string? KubeConfig, string? Context, bool RealTime)
{
    public const string Usage = "Usage: dotnet run --project samples/UpgradeRollback [-- [--kubeconfig FILE [--context C]] [--realtime]]";

    public static Arguments Read(IReadOnlyList<string> words)
    {
        string? file = null, context = null;
        bool realTime = false;
        for (int i = 0; i < words.Count; i++)
        {
            switch (words[i])
            {
                case "--kubeconfig" when i + 1 < words.Count:
                    file = words[++i];
                    break;
                case "--context" when i + 1 < words.Count:
                    context = words[++i];
                    break;
                case "--realtime":
                    realTime = true;
                    break;
                default:
                    throw new ArgumentException($"Not understood: {words[i]}");
            }
        }

        if (context is not null && file is null)
            throw new ArgumentException("--context needs --kubeconfig.");
        return new Arguments(file, context, realTime);
    }
}
