using System.Text;

namespace HelmLifecycle.Kubernetes;

/// <summary>Says a diagnosis in sentences.</summary>
internal static class Sentences
{
    private const int LongestLine = 300;

    /// <summary>
    /// <c>Deployment web: 0 of 3 pods ready; pod web-abc container app is in CrashLoopBackOff (exit 1, 4 restarts): last log line
    /// "..."</c>
    /// </summary>
    public static string OfRoot(KubernetesObject o, DiagnosisNode node)
    {
        var text = new StringBuilder(o.Kind).Append(' ').Append(o.Name);
        if (o.Kind == "Pod") return Deepest(node) is { } own ? Capitalised(own.Sentence) : Capitalised(node.Sentence);
        text.Append(": ").Append(Counts(o) ?? node.Status.Message);
        DiagnosisNode? cause = Deepest(node);
        if (cause is not null) return text.Append("; ").Append(cause.Sentence).ToString();
        if (Complaint(o, node) is { } complaint) text.Append("; ").Append(complaint);
        return text.ToString();
    }

    /// <summary><c>pod web-abc container app is in CrashLoopBackOff (exit 1, 4 restarts): last log line "..."</c></summary>
    public static string OfContainer(string pod, ContainerState state, IReadOnlyList<string> log)
    {
        var text = new StringBuilder($"pod {pod} {(state.IsInit ? "init container" : "container")} {state.Name} ");
        text.Append(state.Reason switch
        {
            "NotReady" => "is running but not ready",
            "CrashLoopBackOff" or "ImagePullBackOff" or "ErrImagePull" => "is in " + state.Reason,
            "OOMKilled" => "was killed for want of memory (OOMKilled)",
            "Error" or "Completed" => "has ended",
            _ => "is in " + state.Reason,
        });
        var facts = new List<string>();
        if (state.ExitCode is int code)
            facts.Add(state.ExitReason is "OOMKilled" && state.Reason != "OOMKilled" ? $"exit {code}, OOMKilled" : $"exit {code}");
        if (state.Restarts > 0) facts.Add(state.Restarts == 1 ? "1 restart" : $"{state.Restarts} restarts");
        if (facts.Count > 0) text.Append(" (").AppendJoin(", ", facts).Append(')');
        if (log.Count > 0) text.Append(": last log line \"").Append(Shortened(log[^1])).Append('"');
        else if (state.Message.Length > 0 && state.Reason != "CrashLoopBackOff") text.Append(": ").Append(Shortened(state.Message));
        return text.ToString();
    }

    /// <summary>A failing probe, if the events tell of one and the container only fails to get ready.</summary>
    public static string Probe(DiagnosisNode container, IReadOnlyList<string> warnings) =>
        container.Status.Reason == "NotReady" && warnings.LastOrDefault(w => w.StartsWith("Unhealthy: ", StringComparison.Ordinal)) is { } probe
            ? "; " + Shortened(probe["Unhealthy: ".Length..])
            : "";

    private static string? Counts(KubernetesObject o) => o.Kind switch
    {
        "Deployment" or "StatefulSet" or "ReplicaSet" or "ReplicationController" =>
            $"{o.Int(0, "status", "readyReplicas")} of {o.Int(1, "spec", "replicas")} pods ready",
        "DaemonSet" => $"{o.Int(0, "status", "numberReady")} of {o.Int(0, "status", "desiredNumberScheduled")} pods ready",
        "Job" => $"{o.Int(0, "status", "succeeded")} of {o.Int(1, "spec", "completions")} pods succeeded, {o.Int(0, "status", "failed")} failed",
        _ => null,
    };

    // Without pods to blame, a condition or an event says why there are none.
    private static string? Complaint(KubernetesObject o, DiagnosisNode node)
    {
        ObjectCondition? c = o.Conditions().FirstOrDefault(c => c.Message.Length > 0
            && c is { Type: "ReplicaFailure" or "Failed", IsTrue: true } or { Type: "Progressing", IsFalse: true });
        if (c is not null) return Shortened($"{c.Reason}: {c.Message}");
        string? warning = Events(node).LastOrDefault();
        if (warning is not null) return Shortened(warning);
        return Counts(o) is null ? null : node.Status.Message;
    }

    private static IEnumerable<string> Events(DiagnosisNode node) => node.Children.SelectMany(Events).Concat(node.Events);

    // The pod that says most: one whose container failed before one that merely waits.
    private static DiagnosisNode? Deepest(DiagnosisNode node)
    {
        List<DiagnosisNode> pods = [.. Pods(node)];
        return pods.Find(p => p.Children.Any(c => c.Status.Status == ResourceStatus.Failed))
            ?? pods.Find(p => p.Children.Count > 0)
            ?? pods.FirstOrDefault();
    }

    private static IEnumerable<DiagnosisNode> Pods(DiagnosisNode node) => node.Kind == "Pod" ? [node] : node.Children.SelectMany(Pods);

    private static string Shortened(string text)
    {
        string line = text.ReplaceLineEndings(" ").Trim();
        return line.Length <= LongestLine ? line : line[..LongestLine] + "...";
    }

    private static string Capitalised(string sentence) => sentence.Length == 0 ? sentence : char.ToUpperInvariant(sentence[0]) + sentence[1..];
}
