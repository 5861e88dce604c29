using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>
/// The API server: storage, kinds and the rules between them. Writes are serialised by the store's lock and need no I/O; reads work on snapshots.
/// </summary>
internal sealed partial class ApiServer : IClusterApi
{
    private readonly Random _random;

    public ApiServer(EmbeddedClusterOptions options, ClusterClock clock)
    {
        Options = options;
        Clock = clock;
        _random = options.RandomSeed is { } seed ? new Random(seed) : new Random();
        Store = new ObjectStore(options.WatchHistory);
        Registry = new ResourceRegistry(new KindTable());
        Services = new ServiceAllocator(this);
        Definitions = new DefinitionController(this);
        Access = new AccessRules(this);
        _ = new RoleAggregation(this);
        Discovery = new DiscoveryDocuments(this);
        OpenApi = new OpenApiDocuments(this);
    }

    public EmbeddedClusterOptions Options { get; }

    public ClusterClock Clock { get; }

    public ObjectStore Store { get; }

    public ResourceRegistry Registry { get; }

    public ServiceAllocator Services { get; }

    public DefinitionController Definitions { get; }

    public AccessRules Access { get; }

    public DiscoveryDocuments Discovery { get; }

    public OpenApiDocuments OpenApi { get; }

    /// <summary>Webhooks that see every write, or null.</summary>
    public FaultPlan? Faults { get; set; }

    /// <summary>The network between pods, for the proxy subresource; null when nothing runs.</summary>
    public VirtualNetwork? Network { get; set; }

    /// <summary>Log text of a container, or null when there is none: (pod, container name, previous instance).</summary>
    public Func<JsonObject, string, bool, string?>? PodLogs { get; set; }

    public string NewUid()
    {
        Span<byte> bytes = stackalloc byte[16];
        lock (_random)
        {
            _random.NextBytes(bytes);
        }

        bytes[6] = (byte)((bytes[6] & 0x0f) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
        return new Guid(bytes, bigEndian: true).ToString();
    }

    /// <summary>Five characters of the alphabet that avoids vowels and look-alikes, as generated names end in.</summary>
    public string NewSuffix()
    {
        const string alphabet = "bcdfghjklmnpqrstvwxz2456789";
        Span<char> text = stackalloc char[5];
        lock (_random)
        {
            for (int i = 0; i < text.Length; i++)
            {
                text[i] = alphabet[_random.Next(alphabet.Length)];
            }
        }

        return new string(text);
    }

    public int NextRandom(int below)
    {
        lock (_random)
        {
            return _random.Next(below);
        }
    }

    private WriteContext Context(ResourceKey resource, string? ns, Caller caller, string? subresource = null)
    {
        ResourceDefinition definition = Registry.Get(resource);
        return new WriteContext { Server = this, Resource = definition, Version = definition.StorageVersion, Namespace = ns, Caller = caller, Subresource = subresource, FieldValidation = "Ignore" };
    }

    JsonObject? IClusterApi.TryGet(ResourceKey resource, string? ns, string name) => Store.Get(Registry.Get(resource).Store, ns, name)?.ToJson();

    JsonObject IClusterApi.Create(ResourceKey resource, string? ns, JsonObject body, Caller caller)
    {
        WriteContext context = Context(resource, ns, caller);
        return Create(context, DecodeBody(context, body)).Json;
    }

    JsonObject IClusterApi.Update(ResourceKey resource, string? ns, string name, JsonObject body, Caller caller, string? subresource)
    {
        WriteContext context = Context(resource, ns, caller, subresource);
        return Update(context, name, UpdateSource.Put(DecodeBody(context, body))).Json;
    }

    JsonObject? IClusterApi.Modify(ResourceKey resource, string? ns, string name, Func<JsonObject, bool> change, Caller caller, string? subresource)
    {
        WriteContext context = Context(resource, ns, caller, subresource);
        lock (Store.WriteLock)
        {
            if (Store.Get(context.Resource.Store, ns, name) is not { } stored)
            {
                return null;
            }

            JsonObject json = stored.ToJson();
            if (!change(json))
            {
                return stored.ToJson();
            }

            return Update(context, name, UpdateSource.Put(DecodeBody(context, json))).Json;
        }
    }

    JsonObject? IClusterApi.Delete(ResourceKey resource, string? ns, string name, DeleteSettings settings, Caller caller)
    {
        WriteContext context = Context(resource, ns, caller);
        DeleteResult result = Delete(context, name, settings);
        return result.IsGone ? null : result.Json;
    }
}
