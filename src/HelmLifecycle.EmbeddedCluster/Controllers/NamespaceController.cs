using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>Furnishes a new namespace (the default ServiceAccount, the root certificate) and empties one that is being deleted.</summary>
internal sealed class NamespaceController(ClusterLoop loop) : Controller(loop, "namespace-controller")
{
    private const string RootCertificate = "kube-root-ca.crt";

    /// <summary>Kubernetes gives other API servers five seconds to notice; here there is one, and a moment does.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(500);

    private readonly HashSet<string> _terminating = [];
    private string? _certificate;

    public override IReadOnlyList<ResourceKey>? Watches => null;

    public override void OnChange(StoreEvent change)
    {
        if (change.Resource == ClusterResources.Namespaces)
        {
            if (change.Type == StoreEventType.Deleted)
            {
                _terminating.Remove(change.Object.Name);
            }

            Enqueue("", change.Object.Name);
        }
        else if (change.Type == StoreEventType.Deleted && (_terminating.Contains(change.Object.Namespace) || IsFurniture(change)))
        {
            Enqueue("", change.Object.Namespace);
        }
    }

    public override void Reconcile(string ns, string name)
    {
        if (Read(ClusterResources.Namespaces, "", name) is not { } space)
        {
            return;
        }

        if (!space.IsDeleting())
        {
            Furnish(name);
            return;
        }

        _terminating.Add(name);
        DateTimeOffset since = ClusterClock.Parse(space.Text("metadata", "deletionTimestamp")) ?? Clock.Now;
        TimeSpan left = since + s_patience - Clock.Now;
        if (left > TimeSpan.Zero)
        {
            Again(left);
            return;
        }

        var remaining = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var finalizers = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (ResourceKey resource in Store.Resources.ToArray())
        {
            Empty(resource, name, remaining, finalizers);
        }

        if (remaining.Count == 0)
        {
            Api.Modify(
                ClusterResources.Namespaces,
                null,
                name,
                o =>
                {
                    o.Section("spec").Remove("finalizers");
                    return true;
                },
                Caller,
                "finalize");
            return;
        }

        WriteConditions(space, remaining, finalizers);
    }

    private static bool IsFurniture(StoreEvent change) =>
        (change.Resource == ClusterResources.ServiceAccounts && change.Object.Name == "default")
        || (change.Resource == ClusterResources.ConfigMaps && change.Object.Name == RootCertificate);

    private void Furnish(string ns)
    {
        if (Store.Get(ClusterResources.ServiceAccounts, ns, "default") is null)
        {
            Make(ClusterResources.ServiceAccounts, ns, new JsonObject { ["kind"] = "ServiceAccount", ["apiVersion"] = "v1", ["metadata"] = Metadata("default", ns) });
        }

        if (Store.Get(ClusterResources.ConfigMaps, ns, RootCertificate) is null)
        {
            JsonObject metadata = Metadata(RootCertificate, ns);
            metadata["annotations"] = new JsonObject
            {
                ["kubernetes.io/description"] = "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or "
                    + "kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.",
            };
            Make(ClusterResources.ConfigMaps, ns, new JsonObject
            {
                ["kind"] = "ConfigMap",
                ["apiVersion"] = "v1",
                ["metadata"] = metadata,
                ["data"] = new JsonObject { ["ca.crt"] = Certificate() },
            });
        }

        static JsonObject Metadata(string name, string ns) => new() { ["name"] = name, ["namespace"] = ns };
    }

    private void Make(ResourceKey resource, string ns, JsonObject body)
    {
        try
        {
            Api.Create(resource, ns, body, Caller);
        }
        catch (ApiError e) when (e.IsAlreadyExists || e.IsNotFound)
        {
        }
    }

    private string Certificate()
    {
        if (_certificate is null)
        {
            using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = new CertificateRequest("CN=kubernetes", key, HashAlgorithmName.SHA256);
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
            using X509Certificate2 certificate = request.CreateSelfSigned(Clock.Now.AddHours(-1), Clock.Now.AddYears(10));
            _certificate = certificate.ExportCertificatePem() + "\n";
        }

        return _certificate;
    }

    private void Empty(ResourceKey resource, string ns, SortedDictionary<string, int> remaining, SortedDictionary<string, int> finalizers)
    {
        foreach (StoredObject stored in Store.List(resource, ns).ToArray())
        {
            if (!stored.View.IsDeleting())
            {
                Delete(resource, ns, stored.Name);
            }

            if (Store.Get(resource, ns, stored.Name) is not { } left)
            {
                continue;
            }

            string title = resource.ToString() + (resource.Group.Length == 0 ? "." : "");
            remaining[title] = remaining.GetValueOrDefault(title) + 1;
            foreach (JsonNode finalizer in left.View.Items("metadata", "finalizers"))
            {
                string text = finalizer.Text() ?? "";
                finalizers[text] = finalizers.GetValueOrDefault(text) + 1;
            }
        }
    }

    private void WriteConditions(JsonObject space, SortedDictionary<string, int> remaining, SortedDictionary<string, int> finalizers)
    {
        JsonObject status = space.Map("status")?.Copy() ?? [];
        string stamp = Clock.Stamp;
        void Set(string type, bool holds, string reason, string message) => Conditions.Update(status, new JsonObject
        {
            ["type"] = type,
            ["status"] = holds ? "True" : "False",
            ["lastTransitionTime"] = stamp,
            ["reason"] = reason,
            ["message"] = message,
        });

        Set("NamespaceDeletionDiscoveryFailure", false, "ResourcesDiscovered", "All resources successfully discovered");
        Set("NamespaceDeletionGroupVersionParsingFailure", false, "ParsedGroupVersions", "All legacy kube types successfully parsed");
        Set("NamespaceDeletionContentFailure", false, "ContentDeleted", "All content successfully deleted, may be waiting on finalization");
        Set("NamespaceContentRemaining", true, "SomeResourcesRemain", "Some resources are remaining: "
            + string.Join(", ", remaining.Select(r => string.Create(CultureInfo.InvariantCulture, $"{r.Key} has {r.Value} resource instances"))));
        if (finalizers.Count > 0)
        {
            Set("NamespaceFinalizersRemaining", true, "SomeFinalizersRemain", "Some content in the namespace has finalizers remaining: "
                + string.Join(", ", finalizers.Select(f => string.Create(CultureInfo.InvariantCulture, $"{f.Key} in {f.Value} resource instances"))));
        }
        else
        {
            Set("NamespaceFinalizersRemaining", false, "ContentHasNoFinalizers", "All content-preserving finalizers finished");
        }

        WriteStatus(ClusterResources.Namespaces, space, status);
    }
}
