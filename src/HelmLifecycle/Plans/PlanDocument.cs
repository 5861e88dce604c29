using System.Text.Json.Nodes;
using HelmLifecycle.Charts;
using HelmLifecycle.Kubernetes;
using HelmLifecycle.Templates;

namespace HelmLifecycle;

/// <summary>One object of a manifest: its text and what it says.</summary>
internal sealed record PlanDocument(string Path, string Text, KubernetesObject Object)
{
    /// <summary>What makes two documents the same object: group, kind, namespace and name, not the version.</summary>
    public (string Group, string Kind, string Namespace, string Name) Key =>
        (Object.Gvk.Group, Object.Kind, Object.Namespace ?? "", Object.Name);

    public bool IsSecret => Object is { Kind: "Secret", Gvk.Group: "" };

    /// <summary>Reads a manifest. Documents without a kind (comments only) are left out; Lists are taken apart.</summary>
    public static IReadOnlyList<PlanDocument> Read(string manifest)
    {
        var documents = new List<PlanDocument>();
        foreach (ManifestDocument document in ManifestSplitter.Read(manifest))
        {
            if (HelmYaml.ReadJson(document.Text) is not JsonObject json)
                continue;
            var o = new KubernetesObject(json);
            if (o.Kind == "List" && json["items"] is JsonArray items)
            {
                foreach (JsonObject item in items.OfType<JsonObject>())
                    documents.Add(new PlanDocument(document.Path, HelmYaml.WriteJson(item), new KubernetesObject(item)));
            }
            else if (o.Kind.Length > 0)
            {
                documents.Add(new PlanDocument(document.Path, document.Text, o));
            }
        }

        return documents;
    }
}
