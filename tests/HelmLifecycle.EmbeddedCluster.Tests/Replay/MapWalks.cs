using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace HelmLifecycle.EmbeddedCluster.Tests;

/// <summary>
/// Causes that the real server finds by walking a Go map (keys of data, labels, annotations, node selectors, resource lists) or a schema's properties come in random order. Among themselves
/// they are compared as a set; all others keep their places.
/// </summary>
internal static partial class MapWalks
{
    [GeneratedRegex(@"\[[^\]0-9][^\]]*\]|\.(?:labels|annotations|matchLabels|nodeSelector)$")]
    private static partial Regex KeyOfMap();

    /// <summary>Whether a Status has several causes of that kind.</summary>
    public static bool Any(JsonObject status) => Causes(status) is { } causes && causes.Count(c => IsWalk(status, c)) > 1;

    /// <summary>A copy with these causes in order of their texts, in <c>details</c> and in the message.</summary>
    public static JsonObject Sorted(JsonObject status)
    {
        var copy = (JsonObject)status.DeepClone();
        if (Causes(copy) is not { } causes)
        {
            return copy;
        }

        JsonNode[] all = [.. causes.Select(c => c!)];
        string before = Texts(all);
        var walked = new Queue<JsonNode>(all.Where(c => IsWalk(copy, c)).OrderBy(Text, StringComparer.Ordinal));
        JsonNode[] sorted = [.. all.Select(c => IsWalk(copy, c) ? walked.Dequeue() : c)];
        copy["details"]!["causes"] = new JsonArray([.. sorted.Select(c => c.DeepClone())]);
        copy["message"] = copy["message"]?.GetValue<string>().Replace(before, Texts(sorted), StringComparison.Ordinal);
        return copy;
    }

    private static JsonArray? Causes(JsonObject status) => status["kind"]?.ToString() == "Status" ? (status["details"] as JsonObject)?["causes"] as JsonArray : null;

    private static bool IsWalk(JsonObject status, JsonNode? cause) =>
        KeyOfMap().IsMatch(cause!["field"]?.ToString() ?? "") || (status["details"]!["group"]?.ToString() ?? "").EndsWith(".test", StringComparison.Ordinal);

    private static string Text(JsonNode cause) => cause["field"] + ": " + cause["message"];

    private static string Texts(IEnumerable<JsonNode> causes) => string.Join(", ", causes.Select(Text).Distinct());
}
