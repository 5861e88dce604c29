namespace HelmLifecycle.Kubernetes;

/// <summary>Why objects are not ready.</summary>
/// <param name="Summary">
/// One sentence per object that is not ready, the first naming pod, container and reason; empty if all are ready.
/// </param>
/// <param name="Roots">A tree for each object that is not ready.</param>
public sealed record Diagnosis(string Summary, IReadOnlyList<DiagnosisNode> Roots)
{
    /// <summary>Whether nothing was found amiss.</summary>
    public bool IsHealthy => Roots.Count == 0;

    /// <summary>The trees as indented text: sentences, events and last log lines.</summary>
    public string ToText()
    {
        var text = new System.Text.StringBuilder();
        foreach (DiagnosisNode root in Roots) Write(text, root, 0);
        return text.ToString();
    }

    private static void Write(System.Text.StringBuilder text, DiagnosisNode node, int depth)
    {
        string indent = new(' ', depth * 2);
        string title = $"{node.Kind} {node.Name}";
        if (!node.Sentence.StartsWith(title, StringComparison.OrdinalIgnoreCase)) text.Append(indent).Append(title).Append(": ").Append(node.Sentence).Append('\n');
        else text.Append(indent).Append(node.Sentence).Append('\n');
        foreach (string e in node.Events) text.Append(indent).Append("  event ").Append(e.ReplaceLineEndings(" ")).Append('\n');
        foreach (string line in node.LogTail) text.Append(indent).Append("  | ").Append(line).Append('\n');
        foreach (DiagnosisNode child in node.Children) Write(text, child, depth + 1);
    }
}

/// <summary>One object, or a container of a pod, in a diagnosis.</summary>
public sealed record DiagnosisNode
{
    /// <summary>The kind; <c>Container</c> for a container.</summary>
    public required string Kind { get; init; }

    /// <summary>The namespace, or null.</summary>
    public string? Namespace { get; init; }

    /// <summary>The name.</summary>
    public required string Name { get; init; }

    /// <summary>The status by kstatus' rules; of a container: whether it is ready.</summary>
    public required ReadinessStatus Status { get; init; }

    /// <summary>What is wrong here, as one sentence.</summary>
    public string Sentence { get; init; } = "";

    /// <summary>Exit code of a container's last run, or null.</summary>
    public int? ExitCode { get; init; }

    /// <summary>Restarts of a container.</summary>
    public int Restarts { get; init; }

    /// <summary>The last lines of a container's log.</summary>
    public IReadOnlyList<string> LogTail { get; init; } = [];

    /// <summary>Warning events about the object, the newest last: <c>Reason: message</c>.</summary>
    public IReadOnlyList<string> Events { get; init; } = [];

    /// <summary>The objects it owns that matter, or its containers.</summary>
    public IReadOnlyList<DiagnosisNode> Children { get; init; } = [];
}
