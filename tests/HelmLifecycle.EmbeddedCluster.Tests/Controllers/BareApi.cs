using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster.Tests;

/// <summary>The least that controllers need of an API: names, uids, generations, finalizers and graceful deletion; no defaults and no validation.</summary>
internal sealed class BareApi(ClusterClock clock) : IClusterApi
{
    private int _next;

    public ObjectStore Store { get; } = new();

    public int Writes { get; private set; }

    public JsonObject? TryGet(ResourceKey resource, string? ns, string name) => Store.Get(resource, ns, name)?.ToJson();

    public JsonObject Create(ResourceKey resource, string? ns, JsonObject body, Caller caller)
    {
        lock (Store.WriteLock)
        {
            JsonObject json = body.Copy();
            JsonObject metadata = json.Section("metadata");
            if (metadata["name"] is null)
            {
                metadata["name"] = $"{metadata.Text("generateName")}{++_next:x5}";
            }

            if (Store.Get(resource, ns, json.Name()) is not null)
            {
                throw new ApiError(409, "AlreadyExists", $"{resource} \"{json.Name()}\" already exists");
            }

            if (!string.IsNullOrEmpty(ns))
            {
                metadata["namespace"] = ns;
            }

            metadata["uid"] = $"uid-{++_next}";
            metadata["creationTimestamp"] = clock.Stamp;
            if (json["spec"] is not null)
            {
                metadata["generation"] = 1;
            }

            Writes++;
            return Store.Create(resource, json).ToJson();
        }
    }

    public JsonObject Update(ResourceKey resource, string? ns, string name, JsonObject body, Caller caller, string? subresource = null)
    {
        lock (Store.WriteLock)
        {
            StoredObject stored = Store.Get(resource, ns, name) ?? throw new ApiError(404, "NotFound", $"{resource} \"{name}\" not found");
            JsonObject old = stored.ToJson();
            JsonObject json = body.Copy();
            if (body.Text("metadata", "resourceVersion") is { } version && version != old.Text("metadata", "resourceVersion"))
            {
                throw new ApiError(409, "Conflict", "modified");
            }

            if (subresource is null && !JsonNode.DeepEquals(json["spec"], old["spec"]))
            {
                json.Section("metadata")["generation"] = old.Generation() + 1;
            }

            if (JsonNode.DeepEquals(json, old))
            {
                return old;
            }

            Writes++;
            if (json.IsDeleting() && !json.Items("metadata", "finalizers").Any() && json.Int(0, "metadata", "deletionGracePeriodSeconds") == 0 && json.At("spec", "finalizers") is null)
            {
                Store.Delete(resource, stored);
                return json;
            }

            return Store.Update(resource, stored, json).ToJson();
        }
    }

    public JsonObject? Modify(ResourceKey resource, string? ns, string name, Func<JsonObject, bool> change, Caller caller, string? subresource = null)
    {
        lock (Store.WriteLock)
        {
            if (TryGet(resource, ns, name) is not { } json)
            {
                return null;
            }

            return change(json) ? Update(resource, ns, name, json, caller, subresource) : json;
        }
    }

    public JsonObject? Delete(ResourceKey resource, string? ns, string name, DeleteSettings settings, Caller caller)
    {
        lock (Store.WriteLock)
        {
            StoredObject stored = Store.Get(resource, ns, name) ?? throw new ApiError(404, "NotFound", $"{resource} \"{name}\" not found");
            JsonObject json = stored.ToJson();
            long grace = resource == ClusterResources.Pods && json.Text("spec", "nodeName") is not null ? settings.GraceSeconds ?? json.Int(30, "spec", "terminationGracePeriodSeconds") : 0;
            JsonObject metadata = json.Section("metadata");
            if (settings.Propagation is "Foreground" or "Orphan")
            {
                string finalizer = settings.Propagation == "Foreground" ? GarbageCollector.Foreground : GarbageCollector.Orphan;
                if (!json.Items("metadata", "finalizers").Any(f => f.Text() == finalizer))
                {
                    var list = metadata["finalizers"] as JsonArray ?? [];
                    list.Add((JsonNode)finalizer);
                    if (list.Parent is null)
                    {
                        metadata["finalizers"] = list;
                    }
                }
            }

            Writes++;
            if (resource == ClusterResources.Namespaces && !json.IsDeleting())
            {
                metadata["deletionTimestamp"] = clock.Stamp;
                json.Section("spec")["finalizers"] = new JsonArray((JsonNode)"kubernetes");
                return Store.Update(resource, stored, json).ToJson();
            }

            if (grace == 0 && !json.Items("metadata", "finalizers").Any())
            {
                Store.Delete(resource, stored);
                return null;
            }

            if (!json.IsDeleting() || grace < json.Int(0, "metadata", "deletionGracePeriodSeconds"))
            {
                metadata["deletionTimestamp"] = ClusterClock.Format(clock.Now.AddSeconds(grace));
                metadata["deletionGracePeriodSeconds"] = grace;
                return Store.Update(resource, stored, json).ToJson();
            }

            return json;
        }
    }
}

/// <summary>Controllers over a <see cref="BareApi"/> with virtual time.</summary>
internal sealed class BareCluster : IDisposable
{
    public static readonly Caller User = new("tester", "test");

    public BareCluster(EmbeddedClusterOptions? options = null)
    {
        options ??= new EmbeddedClusterOptions { Time = TimeMode.Manual };
        Clock = ClusterClock.Create(options);
        Api = new BareApi(Clock);
        Scripts = new PodScripts();
        Loop = new ClusterLoop(Api, Clock, options, Scripts);
        Api.Create(ClusterResources.Namespaces, null, JsonNode.Parse("""{"kind":"Namespace","apiVersion":"v1","metadata":{"name":"ns"}}""")!.AsObject(), User);
    }

    public ClusterClock Clock { get; }

    public BareApi Api { get; }

    public PodScripts Scripts { get; }

    public ClusterLoop Loop { get; }

    public JsonObject Apply(ResourceKey resource, string json) => Api.Create(resource, "ns", JsonNode.Parse(json)!.AsObject(), User);

    public JsonObject Get(ResourceKey resource, string name) => Api.TryGet(resource, "ns", name) ?? throw new InvalidOperationException($"no {resource} {name}");

    public List<JsonObject> List(ResourceKey resource) => [.. Api.Store.List(resource, "ns").Select(o => o.View)];

    public List<string?> Images() => [.. List(ClusterResources.Pods).Select(p => p.Items("spec", "containers").First().Text("image"))];

    public void Edit(ResourceKey resource, string name, Action<JsonObject> change) => Api.Modify(
        resource,
        "ns",
        name,
        o =>
        {
            change(o);
            return true;
        },
        User);

    public Task Pass(double seconds) => Clock.Virtual!.AdvanceAsync(TimeSpan.FromSeconds(seconds));

    public IEnumerable<string> Events(string kind) => List(ClusterResources.Events)
        .Where(e => e.Text("involvedObject", "kind") == kind)
        .Select(e => $"{e.Text("type")} {e.Text("reason")}: {e.Text("message")}");

    public void Dispose()
    {
        Loop.Dispose();
        Clock.Dispose();
    }
}
