using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using HelmLifecycle.Kubernetes;

namespace HelmLifecycle;

/// <summary>How far a rollout is.</summary>
public enum RolloutPhase
{
    /// <summary>On its way through the steps.</summary>
    Progressing,

    /// <summary>Paused, for a time or until somebody promotes.</summary>
    Paused,

    /// <summary>All steps are done; the release's own workloads are rolled to the new version.</summary>
    Promoting,

    /// <summary>On the way back; the traffic is there already.</summary>
    Aborting,
}

/// <summary>The stored state of a rollout that has begun and not ended.</summary>
public sealed record RolloutState
{
    /// <summary>The strategy's name.</summary>
    public required string Strategy { get; init; }

    /// <summary>The revision that is rolled out.</summary>
    public required int Revision { get; init; }

    /// <summary>The revision it started from.</summary>
    public required int BaseRevision { get; init; }

    /// <summary>The number of the step it is at, from 0.</summary>
    public int Step { get; init; }

    /// <summary>How far it is.</summary>
    public RolloutPhase Phase { get; init; }

    /// <summary>The new version's part of the traffic, in percent.</summary>
    public int Weight { get; init; }

    /// <summary>What is being done, in words.</summary>
    public string Message { get; init; } = "";

    /// <summary>Whether the release's own workloads may have been changed to the new version.</summary>
    internal bool PromotionBegan { get; init; }

    /// <summary>Whether pauses and analyses are left out.</summary>
    internal bool Skips { get; init; }

    /// <summary>The time between the last change of traffic and the end of pods.</summary>
    internal TimeSpan RemovalDelay { get; init; }

    /// <summary>Objects to be put back, those that steer traffic first.</summary>
    internal IReadOnlyList<RestoredObject> Restore { get; init; } = [];

    /// <summary>The router's own objects: without them the traffic goes to the old version.</summary>
    internal IReadOnlyList<ObjectReference> Routes { get; init; } = [];

    /// <summary>The other objects to be deleted at the end.</summary>
    internal IReadOnlyList<ObjectReference> Remove { get; init; } = [];

    /// <summary>The full number of replicas of each workload, by its text form.</summary>
    internal IReadOnlyDictionary<string, int> Replicas { get; init; } = new Dictionary<string, int>();

    internal string ToJson() => new JsonObject
    {
        ["strategy"] = Strategy,
        ["revision"] = Revision,
        ["baseRevision"] = BaseRevision,
        ["step"] = Step,
        ["phase"] = Phase.ToString(),
        ["weight"] = Weight,
        ["message"] = Message,
        ["promotionBegan"] = PromotionBegan,
        ["skips"] = Skips,
        ["removalDelaySeconds"] = RemovalDelay.TotalSeconds,
        ["restore"] = new JsonArray([.. Restore.Select(r => (JsonNode)new JsonObject
        {
            ["object"] = r.Object.Json.DeepClone(),
            ["owned"] = r.Owned,
            ["drop"] = new JsonArray([.. r.DropSelectorKeys.Select(k => (JsonNode)k)]),
        })]),
        ["routes"] = Write(Routes),
        ["remove"] = Write(Remove),
        ["replicas"] = new JsonObject(Replicas.Select(r => KeyValuePair.Create(r.Key, (JsonNode?)r.Value))),
    }.ToJsonString();

    private static JsonArray Write(IReadOnlyList<ObjectReference> references) => new([.. references.Select(r => (JsonNode)new JsonObject
    {
        ["apiVersion"] = r.Gvk.ApiVersion,
        ["kind"] = r.Gvk.Kind,
        ["namespace"] = r.Namespace,
        ["name"] = r.Name,
    })]);

    /// <exception cref="ReleaseException">It cannot be read.</exception>
    internal static RolloutState FromJson(string text)
    {
        try
        {
            var json = KubernetesObject.Parse(text).Json;
            return new RolloutState
            {
                Strategy = (string)json["strategy"]!,
                Revision = (int)Number(json["revision"]!),
                BaseRevision = (int)Number(json["baseRevision"]!),
                Step = (int)Number(json["step"]!),
                Phase = Enum.Parse<RolloutPhase>((string)json["phase"]!),
                Weight = (int)Number(json["weight"]!),
                Message = (string)json["message"]!,
                PromotionBegan = (bool)json["promotionBegan"]!,
                Skips = (bool)json["skips"]!,
                RemovalDelay = TimeSpan.FromSeconds(Number(json["removalDelaySeconds"]!)),
                Restore = [.. ((JsonArray)json["restore"]!).Select(r => new RestoredObject(
                    new KubernetesObject((JsonObject)r!["object"]!.DeepClone()), (bool)r["owned"]!, [.. ((JsonArray)r["drop"]!).Select(k => (string)k!)]))],
                Routes = Read(json["routes"]),
                Remove = Read(json["remove"]),
                Replicas = ((JsonObject)json["replicas"]!).ToDictionary(r => r.Key, r => (int)Number(r.Value!)),
            };
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException or InvalidCastException or NullReferenceException or ArgumentException or JsonException)
        {
            throw new ReleaseException("the stored state of the rollout cannot be read: " + e.Message, e);
        }

        static IReadOnlyList<ObjectReference> Read(JsonNode? references) =>
        [
            .. ((JsonArray)references!).Select(r => new ObjectReference(
                GroupVersionKind.From((string)r!["apiVersion"]!, (string)r["kind"]!), (string?)r["namespace"], (string)r["name"]!)),
        ];

        static double Number(JsonNode node) => double.Parse(node.ToJsonString(), CultureInfo.InvariantCulture);
    }
}

/// <summary>An object and what is to be put back of it.</summary>
/// <param name="Object">As it is to be.</param>
/// <param name="Owned">Whether it belongs to the release, and is written as the release is.</param>
/// <param name="DropSelectorKeys">For a Service: labels that its selector must not have.</param>
internal sealed record RestoredObject(KubernetesObject Object, bool Owned, IReadOnlyList<string> DropSelectorKeys);
