using System.Text.Json.Nodes;
using HelmLifecycle.Kubernetes;

namespace HelmLifecycle;

/// <summary>
/// Helm's way, with the pace of the rolling updates set from here for this one rollout. It waits until the update is through and then brings the objects to
/// what the chart says, so that the cluster holds the release's manifest in the end. Without any override it is <see cref="RollingApply"/>.
/// </summary>
public sealed class RollingUpdate : IRolloutStrategy
{
    private static readonly TimeSpan s_cleaning = TimeSpan.FromSeconds(10);

    /// <summary>How many pods may be there above the wanted number: a number or a percentage (<c>25%</c>). Deployments and DaemonSets. Null: as the chart says.</summary>
    public string? MaxSurge { get; init; }

    /// <summary>How many pods may be missing: a number or a percentage. Deployments and DaemonSets. Null: as the chart says.</summary>
    public string? MaxUnavailable { get; init; }

    /// <summary>How many seconds a new pod must be ready to count as available. Deployments, DaemonSets and StatefulSets. Null: as the chart says.</summary>
    public int? MinReadySeconds { get; init; }

    /// <summary>Whether a workload's pace is overridden; null overrides all.</summary>
    public Func<KubernetesObject, bool>? Where { get; init; }

    /// <inheritdoc/>
    public string Name => "rolling";

    /// <inheritdoc/>
    public async Task RolloutAsync(RolloutContext context, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(context);
        Check(MaxSurge, nameof(MaxSurge));
        Check(MaxUnavailable, nameof(MaxUnavailable));
        var paced = context.TargetObjects.Select(o => Paced(o)).ToList();
        if (paced.TrueForAll(p => p is null))
        {
            await RollingApply.Instance.RolloutAsync(context, ct).ConfigureAwait(false);
            return;
        }

        List<KubernetesObject> own = [.. context.TargetObjects.Where((_, i) => paced[i] is not null)];
        List<KubernetesObject> changed = [.. paced.OfType<KubernetesObject>()];
        context.Report(new RolloutProgress(Name, "paced", string.Join(", ", changed.Select(o => $"{o.Kind}/{o.Name}"))));
        try
        {
            await context.ApplyAsync([.. context.TargetObjects.Select((o, i) => paced[i] ?? o)], false, ct).ConfigureAwait(false);
            await context.WaitAsync(changed, ct).ConfigureAwait(false);
        }
        catch
        {
            // The next revision is compared with the manifest and would not see what was overridden here.
            using var grace = new CancellationTokenSource(s_cleaning, context.Time);
            await context.ApplyAsync(own, false, grace.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        context.Report(new RolloutProgress(Name, "as the chart says", ""));
        await context.ApplyAsync(ct).ConfigureAwait(false);
        await context.WaitAsync(ct).ConfigureAwait(false);
    }

    private static void Check(string? value, string name)
    {
        if (value is null) return;
        string digits = value.EndsWith('%') ? value[..^1] : value;
        if (!int.TryParse(digits, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out _))
            throw new ReleaseException($"{name} is a number of pods or a percentage, not \"{value}\".");
    }

    /// <summary>The object with its pace overridden; null when nothing is overridden.</summary>
    private KubernetesObject? Paced(KubernetesObject o)
    {
        bool daemons = o.Gvk is { Group: "apps", Kind: "DaemonSet" };
        if (o.Gvk is not { Group: "apps", Kind: "Deployment" or "StatefulSet" or "DaemonSet" } || o.Spec is null || Where?.Invoke(o) == false) return null;
        var clone = o.DeepClone();
        bool changed = false;
        if (MinReadySeconds is { } seconds)
        {
            clone.Spec!["minReadySeconds"] = seconds;
            changed = true;
        }

        string key = daemons ? "updateStrategy" : "strategy";
        string type = (string?)(clone.Spec![key] as JsonObject)?["type"] ?? "RollingUpdate";
        // A chart that wants no rolling update keeps its way.
        if (o.Kind == "StatefulSet" || type != "RollingUpdate" || (MaxSurge ?? MaxUnavailable) is null) return changed ? clone : null;
        if (clone.Spec[key] is not JsonObject strategy) clone.Spec[key] = strategy = [];
        strategy["type"] = type;
        if (strategy["rollingUpdate"] is not JsonObject rolling) strategy["rollingUpdate"] = rolling = [];
        if (MaxSurge is not null) rolling["maxSurge"] = Amount(MaxSurge);
        if (MaxUnavailable is not null) rolling["maxUnavailable"] = Amount(MaxUnavailable);
        // A DaemonSet takes only one of both; the API refuses zero for both.
        if (daemons && MaxSurge is not null && MaxUnavailable is null) rolling["maxUnavailable"] = 0;
        return clone;
    }

    private static JsonNode Amount(string value) =>
        int.TryParse(value, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out int number) ? number : value;
}
