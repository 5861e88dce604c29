using System.Text.Json.Nodes;
using HelmLifecycle;
using HelmLifecycle.Charts;
using HelmLifecycle.Templates;

namespace UpgradeRollback;

/// <summary>What the story compares of a revision, read from its stored manifest.</summary>
internal sealed record Facets(
    int Revision, int Replicas, string Requests, string Limits, string ServiceType, string NodePort, string Version, string Endpoints, ResourceTotals Totals)
{
    public static Facets Of(Release release)
    {
        List<JsonObject> objects = [.. ManifestSplitter.Read(release.Manifest).Select(d => HelmYaml.ReadJson(d.Text)).OfType<JsonObject>()];
        JsonObject Find(string kind) => objects.Single(o => (string?)o["kind"] == kind);
        JsonNode deployment = Find("Deployment"), service = Find("Service");
        JsonNode container = deployment["spec"]!["template"]!["spec"]!["containers"]![0]!;
        string block = (string?)Find("ConfigMap")["data"]!["server-block.conf"] ?? "";
        return new Facets(
            release.Revision,
            (int)(long)deployment["spec"]!["replicas"]!,
            Pair(container["resources"]!["requests"]!),
            Pair(container["resources"]!["limits"]!),
            (string?)service["spec"]!["type"] ?? "ClusterIP",
            service["spec"]!["ports"]![0]!["nodePort"]?.ToString() ?? "-",
            (string?)deployment["metadata"]!["labels"]!["version"] ?? "-",
            string.Join(" ", Locations(block)),
            ResourceTotals.Of(release.Manifest));
    }

    public static string Table(params (string Name, Facets Facets)[] columns)
    {
        (string Name, Func<Facets, string> Read)[] rows =
        [
            ("replicas", f => $"{f.Replicas}"),
            ("requests", f => f.Requests),
            ("limits", f => f.Limits),
            ("service", f => f.ServiceType),
            ("node port", f => f.NodePort),
            ("version label", f => f.Version),
            ("endpoints", f => f.Endpoints),
            ("cpu requested", f => ResourceTotals.Cpu(f.Totals.CpuRequests) + Factor(f.Totals.CpuRequests, columns[0].Facets.Totals.CpuRequests)),
            ("memory requested", f => ResourceTotals.Bytes(f.Totals.MemoryRequests) + Factor(f.Totals.MemoryRequests, columns[0].Facets.Totals.MemoryRequests)),
        ];
        List<string[]> table = [["", .. columns.Select(c => c.Name)], .. rows.Select(r => (string[])[r.Name, .. columns.Select(c => r.Read(c.Facets))])];
        int[] widths = [.. Enumerable.Range(0, columns.Length + 1).Select(i => table.Max(r => r[i].Length))];
        return string.Join('\n', table.Select(r => string.Join("  ", r.Select((cell, i) => cell.PadRight(widths[i]))).TrimEnd()));
    }

    private static string Pair(JsonNode resources) => $"{resources["cpu"]}/{resources["memory"]}";

    private static string Factor(decimal value, decimal first) => value == first ? "" : $" ({value / first:0.#}x)";

    private static IEnumerable<string> Locations(string block)
    {
        foreach (string line in block.Split('\n'))
        {
            string[] words = line.Trim().Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words is ["location", var path, ..])
                yield return path;
        }
    }
}
