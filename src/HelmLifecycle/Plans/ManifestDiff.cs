using System.Text;
using System.Text.Json.Nodes;
using HelmLifecycle.Kubernetes;
using HelmLifecycle.Templates;

namespace HelmLifecycle;

/// <summary>What a change does to one object.</summary>
public sealed record ResourceChange
{
    /// <summary>Group, version and kind.</summary>
    public required GroupVersionKind Kind { get; init; }

    /// <summary>The namespace; empty for the release's own or for cluster-wide objects.</summary>
    public string Namespace { get; init; } = "";

    /// <summary>The name.</summary>
    public required string Name { get; init; }

    /// <summary>What will be done.</summary>
    public required ResourceAction Action { get; init; }

    /// <summary>The template it comes from.</summary>
    public string Source { get; init; } = "";

    /// <summary>Every field that differs. Values of Secrets are masked, unless asked for.</summary>
    public IReadOnlyList<FieldChange> Fields { get; init; } = [];

    /// <summary>The line difference, in unified form. Values of Secrets are masked, unless asked for.</summary>
    public string UnifiedText { get; init; } = "";

    /// <summary>What can go wrong or hurts; empty when nothing.</summary>
    public IReadOnlyList<PlanWarning> Warnings { get; init; } = [];

    /// <summary>Kind and name: <c>Deployment/web</c>.</summary>
    public string Title => $"{Kind.Kind}/{Name}";

    /// <inheritdoc/>
    public override string ToString() => $"{Title} {Action.ToString().ToLowerInvariant()}";
}

/// <summary>The difference between two manifests, object by object.</summary>
public sealed record ManifestDiff
{
    /// <summary>Every object of either side, unchanged ones too, in the order of the new manifest; objects that go come last.</summary>
    public IReadOnlyList<ResourceChange> Resources { get; init; } = [];

    /// <summary>The objects that differ.</summary>
    public IEnumerable<ResourceChange> Changes => Resources.Where(r => r.Action is not (ResourceAction.Unchanged or ResourceAction.Kept));

    /// <summary>Whether nothing differs.</summary>
    public bool IsEmpty => !Changes.Any();

    /// <summary>Compares two manifests as stored with revisions.</summary>
    /// <param name="before">The manifest before; empty for none.</param>
    /// <param name="after">The manifest after; empty for none.</param>
    /// <param name="showSecrets">Show the values of Secrets. Default: they are masked.</param>
    /// <exception cref="YamlException">A document is no YAML.</exception>
    public static ManifestDiff Between(string before, string after, bool showSecrets = false) =>
        Between(PlanDocument.Read(before), PlanDocument.Read(after), showSecrets);

    internal static ManifestDiff Between(IReadOnlyList<PlanDocument> before, IReadOnlyList<PlanDocument> after, bool showSecrets)
    {
        var left = new Dictionary<(string, string, string, string), PlanDocument>();
        foreach (PlanDocument document in before)
            left[document.Key] = document;
        var resources = new List<ResourceChange>();
        foreach (PlanDocument document in after)
        {
            left.Remove(document.Key, out PlanDocument? old);
            resources.Add(Compare(old, document, showSecrets));
        }

        resources.AddRange(before.Where(d => left.ContainsKey(d.Key)).Select(d => Compare(d, null, showSecrets)));
        return new ManifestDiff { Resources = resources };
    }

    /// <summary>The differences of all objects, one after the other, in unified form.</summary>
    public string ToUnifiedText()
    {
        var text = new StringBuilder();
        foreach (ResourceChange change in Changes)
            text.Append(change.UnifiedText);
        return text.ToString();
    }

    internal static ResourceChange Compare(PlanDocument? before, PlanDocument? after, bool showSecrets)
    {
        PlanDocument any = (after ?? before)!;
        JsonObject? a = before?.Object.Json, b = after?.Object.Json;
        string beforeText = before?.Text ?? "", afterText = after?.Text ?? "";
        if (any.IsSecret && !showSecrets)
        {
            (a, b) = SecretMask.Secrets(a, b);
            beforeText = a is null ? "" : HelmYaml.WriteJson(a);
            afterText = b is null ? "" : HelmYaml.WriteJson(b);
        }

        bool kept = after is null && Annotation(before!, "helm.sh/resource-policy") is { } policy && policy.Trim().Equals("keep", StringComparison.OrdinalIgnoreCase);
        ResourceAction action = (before, after) switch
        {
            (null, _) => ResourceAction.Created,
            (_, null) => kept ? ResourceAction.Kept : ResourceAction.Deleted,
            _ => JsonNode.DeepEquals(before.Object.Json, after.Object.Json) ? ResourceAction.Unchanged : ResourceAction.Changed,
        };
        string name = $"{any.Object.Kind}/{any.Object.Name}";
        return new ResourceChange
        {
            Kind = any.Object.Gvk,
            Namespace = any.Object.Namespace ?? "",
            Name = any.Object.Name,
            Action = action,
            Source = any.Path,
            Fields = action == ResourceAction.Changed ? FieldDiff.Compare(a, b) : [],
            UnifiedText = action is ResourceAction.Unchanged or ResourceAction.Kept
                ? ""
                : TextDiff.Unified(beforeText, afterText, before is null ? "/dev/null" : name, after is null ? "/dev/null" : name),
        };
    }

    private static string? Annotation(PlanDocument document, string key) => document.Object.GetAnnotation(key);
}
