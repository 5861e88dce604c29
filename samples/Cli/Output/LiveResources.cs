using System.Text;
using System.Text.Json.Nodes;
using HelmLifecycle.Kubernetes;

namespace HelmLifecycle.Cli;

/// <summary>The live objects of a release as <c>status</c> prints them: by version and kind, each with the pods that it selects.</summary>
internal sealed class LiveResources(KubernetesClient cluster, IReadOnlyList<KubernetesObject> objects)
{
    private const string RelatedPods = "v1/Pod(related)";
    private static readonly GroupVersionKind s_pod = new("", "v1", "Pod");

    /// <summary>The objects themselves, for JSON and YAML.</summary>
    public async Task<JsonObject> ObjectsAsync(CancellationToken ct)
    {
        var byKind = new JsonObject();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (KubernetesObject o in objects)
        {
            Add(byKind, Key(o), o.Json);
            if (Selector(o) is not { } selector)
                continue;
            KubernetesList pods = await cluster.ListAsync(s_pod, o.Namespace, new ListOptions { LabelSelector = selector }, ct).ConfigureAwait(false);
            foreach (KubernetesObject pod in pods.Items)
            {
                if (seen.Add(pod.Name))
                    Add(byKind, RelatedPods, pod.Json);
            }
        }

        return byKind;
    }

    /// <summary>Tables as the API server makes them for <c>kubectl get</c>.</summary>
    public async Task<string> TablesAsync(CancellationToken ct)
    {
        var sections = new List<Section>();
        foreach (IGrouping<(GroupVersionKind Gvk, string? Namespace), KubernetesObject> kind in objects.GroupBy(o => (o.Gvk, o.Namespace)))
        {
            var names = kind.Select(o => o.Name).ToHashSet(StringComparer.Ordinal);
            JsonObject table = await cluster.TableAsync(kind.Key.Gvk, kind.Key.Namespace, null, ct).ConfigureAwait(false);
            Of(sections, Key(kind.First())).Add(table, names.Contains);
            foreach (KubernetesObject o in kind)
            {
                if (Selector(o) is { } selector)
                    Of(sections, RelatedPods).Add(await cluster.TableAsync(s_pod, o.Namespace, new ListOptions { LabelSelector = selector }, ct).ConfigureAwait(false), _ => true);
            }
        }

        return string.Concat(sections.Select(s => s.Write()));
    }

    private static string Key(KubernetesObject o) => $"{o.Gvk.Version}/{o.Gvk.Kind}";

    private static void Add(JsonObject byKind, string key, JsonObject o)
    {
        if (byKind[key] is not JsonArray list)
            byKind[key] = list = [];
        list.Add(Sorted(o));
    }

    // Go writes an object's keys in order.
    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject map => new JsonObject(map.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => KeyValuePair.Create(p.Key, Sorted(p.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Sorted)]),
        _ => node?.DeepClone(),
    };

    private static string? Selector(KubernetesObject o)
    {
        if (o.Gvk.Kind is not ("Deployment" or "StatefulSet" or "DaemonSet" or "ReplicaSet" or "Job"))
            return null;
        return o.Spec?["selector"]?["matchLabels"] is JsonObject { Count: > 0 } labels ? string.Join(',', labels.Select(l => $"{l.Key}={l.Value}")) : null;
    }

    private static Section Of(List<Section> sections, string title)
    {
        Section? section = sections.Find(s => s.Title == title);
        if (section is null)
            sections.Add(section = new Section(title));
        return section;
    }

    private sealed class Section(string title)
    {
        private readonly List<string[]> _rows = [];
        private readonly HashSet<string> _names = new(StringComparer.Ordinal);

        public string Title => title;

        public void Add(JsonObject table, Func<string, bool> isWanted)
        {
            // Columns of a priority above 0 are those of "-o wide".
            JsonArray columns = table["columnDefinitions"] as JsonArray ?? [];
            int[] shown = [.. Enumerable.Range(0, columns.Count).Where(i => columns[i]?["priority"]?.ToString() is null or "0")];
            if (_rows.Count == 0)
                _rows.Add([.. shown.Select(i => columns[i]!["name"]!.GetValue<string>().ToUpperInvariant())]);
            foreach (JsonNode? row in table["rows"] as JsonArray ?? [])
            {
                string name = row?["object"]?["metadata"]?["name"]?.GetValue<string>() ?? "";
                if (row?["cells"] is JsonArray cells && isWanted(name) && _names.Add(name))
                    _rows.Add([.. shown.Select(i => i < cells.Count ? cells[i]?.ToString() ?? "<none>" : "")]);
            }
        }

        public string Write()
        {
            if (_rows.Count < 2)
                return "";
            int[] widths = [.. Enumerable.Range(0, _rows[0].Length).Select(i => _rows.Max(r => r[i].Length))];
            var text = new StringBuilder().Append("==> ").Append(title).Append('\n');
            foreach (string[] row in _rows)
            {
                for (int i = 0; i < row.Length; i++)
                    text.Append(i + 1 < row.Length ? row[i].PadRight(widths[i] + 3) : row[i]);
                text.Append('\n');
            }

            return text.Append('\n').ToString();
        }
    }
}
