using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>The built-in kinds, in the order in which discovery lists their groups: one visible table.</summary>
internal sealed class KindTable
{
    private static readonly string[] s_createOnly = ["create"];
    private static readonly string[] s_noCollectionDelete = ["create", "delete", "get", "list", "patch", "update", "watch"];

    private readonly Dictionary<string, SchemaTable> _tables = new(StringComparer.Ordinal);
    private readonly List<ResourceDefinition> _all = [];

    public KindTable()
    {
        Core();
        Workloads();
        Others();
    }

    /// <summary>Groups in the order of discovery, the core group first.</summary>
    public static readonly string[] GroupOrder =
    [
        "", "apiregistration.k8s.io", "apps", "events.k8s.io", "authentication.k8s.io", "authorization.k8s.io", "autoscaling", "batch", "certificates.k8s.io",
        "networking.k8s.io", "policy", "rbac.authorization.k8s.io", "storage.k8s.io", "admissionregistration.k8s.io", "apiextensions.k8s.io", "scheduling.k8s.io",
        "coordination.k8s.io", "node.k8s.io", "discovery.k8s.io", "flowcontrol.apiserver.k8s.io",
    ];

    public IReadOnlyList<ResourceDefinition> All => _all;

    /// <summary>The table of types of a group's version.</summary>
    public SchemaTable Table(string name)
    {
        lock (_tables)
        {
            if (_tables.TryGetValue(name, out SchemaTable? table))
            {
                return table;
            }

            table = name switch
            {
                "meta" => new SchemaTable("io.k8s.apimachinery.pkg.apis.meta.v1", MetaTypes.Text),
                "core" => new SchemaTable("io.k8s.api.core.v1", CoreTypes.Text, Table("meta")),
                "apps" => Types("io.k8s.api.apps.v1", WorkloadTypes.Apps),
                "batch" => Types("io.k8s.api.batch.v1", WorkloadTypes.Batch),
                "autoscaling/v1" => Types("io.k8s.api.autoscaling.v1", WorkloadTypes.AutoscalingV1),
                "autoscaling/v2" => Types("io.k8s.api.autoscaling.v2", WorkloadTypes.AutoscalingV2),
                "policy" => Types("io.k8s.api.policy.v1", WorkloadTypes.Policy),
                "networking" => Types("io.k8s.api.networking.v1", OtherTypes.Networking),
                "rbac" => Types("io.k8s.api.rbac.v1", OtherTypes.Rbac),
                "storage" => Types("io.k8s.api.storage.v1", OtherTypes.Storage),
                "admission" => Types("io.k8s.api.admissionregistration.v1", OtherTypes.Admission),
                "scheduling" => Types("io.k8s.api.scheduling.v1", OtherTypes.Small),
                "coordination" => Types("io.k8s.api.coordination.v1", OtherTypes.Small),
                "node" => Types("io.k8s.api.node.v1", OtherTypes.Small),
                "discovery" => Types("io.k8s.api.discovery.v1", OtherTypes.Small),
                "certificates" => Types("io.k8s.api.certificates.v1", OtherTypes.Small),
                "flowcontrol" => Types("io.k8s.api.flowcontrol.v1", OtherTypes.Small),
                "apiregistration" => Types("io.k8s.kube-aggregator.pkg.apis.apiregistration.v1", OtherTypes.Small),
                "events" => Types("io.k8s.api.events.v1", OtherTypes.Events),
                "apiextensions" => Types("io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1", OtherTypes.Extensions),
                "authorization" => Types("io.k8s.api.authorization.v1", OtherTypes.Reviews),
                "authentication" => Types("io.k8s.api.authentication.v1", OtherTypes.Reviews),
                _ => throw new InvalidOperationException("No table of types " + name),
            };
            _tables[name] = table;
            return table;
        }

        SchemaTable Types(string prefix, string text) => new(prefix, text, Table("core"), Table("meta"));
    }

    private sealed record Rules
    {
        public Action<JsonObject>? Defaults { get; init; }
        public Action<WriteContext, JsonObject>? Prepare { get; init; }
        public Action<WriteContext, JsonObject, JsonObject>? PrepareUpdate { get; init; }
        public Action<WriteContext, JsonObject, FieldErrors>? Check { get; init; }
        public Action<WriteContext, JsonObject, JsonObject, FieldErrors>? CheckUpdate { get; init; }
        public Func<JsonObject, string, JsonObject>? Convert { get; init; }
        public IReadOnlyList<TableColumn>? Columns { get; init; }
        public Func<JsonObject, DateTimeOffset, JsonArray>? Row { get; init; }
        public Func<JsonObject, string, string>? SelectField { get; init; }
        public Func<JsonObject, JsonObject, bool>? Moves { get; init; }
        public string Short { get; init; } = "";
        public string Category { get; init; } = "";
        public bool Cluster { get; init; }
        public bool Status { get; init; }
        public bool Scale { get; init; }
        public bool Generation { get; init; }
        public bool Puts { get; init; }
        public bool NeedsVersion { get; init; }
        public bool Returns { get; init; }
        public NameRule Name { get; init; } = NameRule.Subdomain;
        public string[] Fields { get; init; } = [];
        public string[]? Verbs { get; init; }
        public SubresourceDefinition[] More { get; init; } = [];
        public string Versions { get; init; } = "v1";
        public ResourceKey? Store { get; init; }
        public bool OwnFieldLabels { get; init; }
        public bool Strict { get; init; }
        public string? Singular { get; init; }
    }

    private void Add(string group, string table, string kind, string plural, Rules r)
    {
        string[] versions = r.Versions.Split(',');
        var subresources = new List<SubresourceDefinition>(r.More);
        if (r.Status)
        {
            subresources.Add(new SubresourceDefinition("status", kind, ResourceDefinition.StatusVerbs));
        }

        if (r.Scale)
        {
            subresources.Add(new SubresourceDefinition("scale", "Scale", ResourceDefinition.StatusVerbs, "autoscaling", "v1"));
        }

        _all.Add(new BuiltInKind
        {
            Group = group,
            Kind = kind,
            ListKind = kind + "List",
            Plural = plural,
            Singular = r.Singular ?? kind.ToLowerInvariant(),
            Namespaced = !r.Cluster,
            ShortNames = r.Short.Length == 0 ? [] : r.Short.Split(','),
            Categories = r.Category.Length == 0 ? [] : r.Category.Split(','),
            Verbs = r.Verbs ?? ResourceDefinition.AllVerbs,
            Versions = versions,
            StorageVersion = versions[0],
            Store = r.Store ?? new ResourceKey(group, plural),
            Subresources = [.. subresources.OrderBy(s => s.Name, StringComparer.Ordinal)],
            Types = versions.ToDictionary(v => v, v => (Func<StructType>)(() => Table(table.Replace("{v}", v, StringComparison.Ordinal)).Get(kind))),
            Defaults = r.Defaults,
            Prepare = r.Prepare,
            PrepareUpdate = r.PrepareUpdate,
            Check = r.Check,
            CheckUpdate = r.CheckUpdate,
            Convert = r.Convert,
            TableColumns = r.Columns,
            TableRow = r.Row,
            SelectField = r.SelectField,
            MovesGeneration = r.Moves,
            HasGeneration = r.Generation,
            CreatesOnUpdate = r.Puts,
            NeedsVersion = r.NeedsVersion,
            ReturnsDeleted = r.Returns,
            NameRule = r.Name,
            SelectableFields = r.Fields,
            HasOwnFieldLabels = r.OwnFieldLabels,
            TellsEmptyFromNone = r.Strict,
        });
    }

    private void Core()
    {
        const string g = "";
        const string t = "core";
        Add(g, t, "Binding", "bindings", new() { Verbs = s_createOnly });
        Add(g, t, "ComponentStatus", "componentstatuses", new() { Cluster = true, Verbs = ["get", "list"], Short = "cs" });
        Add(g, t, "ConfigMap", "configmaps", new() { Short = "cm", Check = ConfigRules.ConfigMap, CheckUpdate = ConfigRules.ConfigMapUpdate, Columns = TableRows.ConfigMaps, Row = TableRows.ConfigMap });
        Add(g, t, "Endpoints", "endpoints", new() { Short = "ep", Puts = true, Singular = "endpoints", Defaults = KindDefaults.Endpoints, Check = EndpointRules.Endpoints, Columns = TableRows.EndpointsColumns, Row = TableRows.Endpoints });
        Add(g, t, "Event", "events", new() { Short = "ev", Puts = true, SelectField = EventKinds.Field, Fields = EventKinds.Fields, OwnFieldLabels = true, Columns = TableRows.Events, Row = TableRows.Event, Check = EventKinds.Check, CheckUpdate = EventKinds.CheckUpdate });
        Add(g, t, "LimitRange", "limitranges", new() { Short = "limits", Puts = true, Defaults = KindDefaults.LimitRange, Check = ConfigRules.LimitRange, Columns = TableRows.LimitRanges, Row = TableRows.LimitRange });
        Add(g, t, "Namespace", "namespaces", new()
        {
            Cluster = true,
            Short = "ns",
            Status = true,
            Returns = true,
            Name = NameRule.Label,
            Verbs = s_noCollectionDelete,
            Defaults = KindDefaults.Namespace,
            Prepare = ConfigRules.PrepareNamespace,
            PrepareUpdate = ConfigRules.PrepareNamespaceUpdate,
            Fields = ["status.phase"],
            Columns = TableRows.Namespaces,
            Row = TableRows.Namespace,
            More = [new SubresourceDefinition("finalize", "Namespace", ["update"])],
        });
        Add(g, t, "Node", "nodes", new()
        {
            Cluster = true,
            Short = "no",
            Status = true,
            Fields = ["spec.unschedulable"],
            SelectField = static (o, _) => Json.Bool(o, "spec", "unschedulable") ? "true" : "false",
            OwnFieldLabels = true,
            Columns = TableRows.Nodes,
            Row = TableRows.Node,
            More = [new SubresourceDefinition("proxy", "NodeProxyOptions", ["create", "delete", "get", "patch", "update"])],
        });
        Add(g, t, "PersistentVolumeClaim", "persistentvolumeclaims", new()
        {
            Short = "pvc",
            Status = true,
            Returns = true,
            Defaults = KindDefaults.PersistentVolumeClaim,
            Prepare = VolumeRules.PrepareClaim,
            Check = VolumeRules.Claim,
            CheckUpdate = VolumeRules.ClaimUpdate,
            Columns = TableRows.Claims,
            Row = TableRows.Claim,
        });
        Add(g, t, "PersistentVolume", "persistentvolumes", new() { Cluster = true, Short = "pv", Status = true, Defaults = KindDefaults.PersistentVolume, Prepare = VolumeRules.PrepareVolume, Check = VolumeRules.Volume, CheckUpdate = VolumeRules.VolumeUpdate, Columns = TableRows.Volumes, Row = TableRows.Volume });
        Add(g, t, "Pod", "pods", new()
        {
            Short = "po",
            Category = "all",
            Status = true,
            Returns = true,
            Defaults = PodDefaults.Pod,
            Prepare = PodRules.Prepare,
            PrepareUpdate = PodRules.PrepareUpdate,
            Check = PodRules.Check,
            CheckUpdate = PodRules.CheckUpdate,
            Fields = PodRules.SelectableFields,
            OwnFieldLabels = true,
            SelectField = PodRules.Field,
            Columns = TableRows.Pods,
            Row = TableRows.Pod,
            More =
            [
                new("attach", "PodAttachOptions", ["create", "get"]), new("binding", "Binding", s_createOnly), new("ephemeralcontainers", "Pod", ["get", "patch", "update"]),
                new("eviction", "Eviction", s_createOnly, "policy", "v1"), new("exec", "PodExecOptions", ["create", "get"]), new("log", "Pod", ["get"]),
                new("portforward", "PodPortForwardOptions", ["create", "get"]), new("proxy", "PodProxyOptions", ["create", "delete", "get", "patch", "update"]),
            ],
        });
        Add(g, t, "PodTemplate", "podtemplates", new() { Defaults = KindDefaults.PodTemplate, Generation = true, Check = WorkloadRules.PodTemplate, Columns = TableRows.PodTemplates, Row = TableRows.PodTemplate });
        Add(g, t, "ReplicationController", "replicationcontrollers", new() { Short = "rc", Category = "all", Status = true, Scale = true, Generation = true, Defaults = KindDefaults.ReplicationController, Check = WorkloadRules.ReplicationController, Fields = ["status.replicas"], Columns = TableRows.ReplicaSets, Row = TableRows.ReplicationController });
        Add(g, t, "ResourceQuota", "resourcequotas", new() { Short = "quota", Puts = true, Status = true, Check = ConfigRules.ResourceQuota, Columns = TableRows.Quotas, Row = TableRows.Quota });
        Add(g, t, "Secret", "secrets", new() { Defaults = KindDefaults.Secret, Check = ConfigRules.Secret, CheckUpdate = ConfigRules.SecretUpdate, PrepareUpdate = ConfigRules.PrepareSecretUpdate, Fields = ["type"], Columns = TableRows.Secrets, Row = TableRows.Secret });
        Add(g, t, "ServiceAccount", "serviceaccounts", new() { Short = "sa", Returns = true, Columns = TableRows.ServiceAccounts, Row = TableRows.ServiceAccount, More = [new("token", "TokenRequest", s_createOnly, "authentication.k8s.io", "v1")] });
        Add(g, t, "Service", "services", new()
        {
            Short = "svc",
            Category = "all",
            Status = true,
            Puts = true,
            Returns = true,
            Name = NameRule.Label1035,
            Defaults = KindDefaults.Service,
            Prepare = ServiceRules.Prepare,
            PrepareUpdate = ServiceRules.PrepareUpdate,
            Check = ServiceRules.Check,
            CheckUpdate = ServiceRules.CheckUpdate,
            Columns = TableRows.Services,
            Row = TableRows.Service,
            More = [new("proxy", "ServiceProxyOptions", ["create", "delete", "get", "patch", "update"])],
        });
    }

    private void Workloads()
    {
        Add("apps", "apps", "ControllerRevision", "controllerrevisions", new() { Columns = TableRows.Revisions, Row = TableRows.Revision });
        Add("apps", "apps", "DaemonSet", "daemonsets", new() { Short = "ds", Category = "all", Status = true, Generation = true, Defaults = KindDefaults.DaemonSet, Prepare = WorkloadRules.PrepareDaemonSet, PrepareUpdate = WorkloadRules.PrepareDaemonSetUpdate, Check = WorkloadRules.DaemonSet, CheckUpdate = WorkloadRules.DaemonSetUpdate, Columns = TableRows.DaemonSets, Row = TableRows.DaemonSet });
        Add("apps", "apps", "Deployment", "deployments", new() { Short = "deploy", Category = "all", Status = true, Scale = true, Generation = true, Moves = WorkloadRules.DeploymentMoves, Defaults = KindDefaults.Deployment, Check = WorkloadRules.Deployment, CheckUpdate = WorkloadRules.DeploymentUpdate, Columns = TableRows.Deployments, Row = TableRows.Deployment });
        Add("apps", "apps", "ReplicaSet", "replicasets", new() { Short = "rs", Category = "all", Status = true, Scale = true, Generation = true, Defaults = KindDefaults.ReplicaSet, Check = WorkloadRules.ReplicaSet, CheckUpdate = WorkloadRules.ReplicaSetUpdate, Fields = ["status.replicas"], Columns = TableRows.ReplicaSets, Row = TableRows.ReplicaSet });
        Add("apps", "apps", "StatefulSet", "statefulsets", new() { Name = NameRule.Label, Short = "sts", Category = "all", Status = true, Scale = true, Generation = true, Defaults = KindDefaults.StatefulSet, Check = WorkloadRules.StatefulSet, CheckUpdate = WorkloadRules.StatefulSetUpdate, Columns = TableRows.StatefulSets, Row = TableRows.StatefulSet });

        Add("batch", "batch", "CronJob", "cronjobs", new() { Short = "cj", Category = "all", Status = true, Generation = true, Defaults = KindDefaults.CronJob, Check = JobRules.CronJob, CheckUpdate = JobRules.CronJobUpdate, Columns = TableRows.CronJobs, Row = TableRows.CronJob });
        Add("batch", "batch", "Job", "jobs", new() { Category = "all", Status = true, Generation = true, Defaults = KindDefaults.Job, Prepare = JobRules.Prepare, Check = JobRules.Job, CheckUpdate = JobRules.JobUpdate, Fields = ["status.successful"], SelectField = static (o, _) => Json.Number(Json.Long(o, "status", "succeeded") ?? 0), Columns = TableRows.Jobs, Row = TableRows.Job });

        Add("autoscaling", "autoscaling/{v}", "HorizontalPodAutoscaler", "horizontalpodautoscalers", new() { Short = "hpa", Category = "all", Status = true, Versions = "v2,v1", Convert = AutoscalerConversion.Convert, Defaults = KindDefaults.Autoscaler, Check = AutoscalerRules.Check, Columns = TableRows.Autoscalers, Row = TableRows.Autoscaler });
        Add("policy", "policy", "PodDisruptionBudget", "poddisruptionbudgets", new() { Short = "pdb", Status = true, Generation = true, NeedsVersion = true, Check = PolicyRules.Budget, Columns = TableRows.Budgets, Row = TableRows.Budget });
    }

    private void Others()
    {
        Add("apiregistration.k8s.io", "apiregistration", "APIService", "apiservices", new() { Cluster = true, Status = true, Category = "api-extensions", Columns = TableRows.ApiServices, Row = TableRows.ApiService });
        Add("events.k8s.io", "events", "Event", "events", new() { Short = "ev", Puts = true, Store = new ResourceKey("", "events"), Convert = EventKinds.Convert, SelectField = EventKinds.Field, Fields = EventKinds.Fields, OwnFieldLabels = true, Columns = TableRows.Events, Row = TableRows.Event, Check = EventKinds.Check, CheckUpdate = EventKinds.CheckUpdate });

        Add("authentication.k8s.io", "authentication", "SelfSubjectReview", "selfsubjectreviews", new() { Cluster = true, Verbs = s_createOnly });
        Add("authentication.k8s.io", "authentication", "TokenReview", "tokenreviews", new() { Cluster = true, Verbs = s_createOnly });
        Add("authorization.k8s.io", "authorization", "LocalSubjectAccessReview", "localsubjectaccessreviews", new() { Verbs = s_createOnly });
        Add("authorization.k8s.io", "authorization", "SelfSubjectAccessReview", "selfsubjectaccessreviews", new() { Cluster = true, Verbs = s_createOnly });
        Add("authorization.k8s.io", "authorization", "SelfSubjectRulesReview", "selfsubjectrulesreviews", new() { Cluster = true, Verbs = s_createOnly });
        Add("authorization.k8s.io", "authorization", "SubjectAccessReview", "subjectaccessreviews", new() { Cluster = true, Verbs = s_createOnly });

        Add("certificates.k8s.io", "certificates", "CertificateSigningRequest", "certificatesigningrequests", new() { Cluster = true, Short = "csr", Status = true, More = [new("approval", "CertificateSigningRequest", ResourceDefinition.StatusVerbs)], Columns = TableRows.SigningRequests, Row = TableRows.SigningRequest, SelectField = static (o, f) => Json.Text(o, f.Split('.')), Fields = ["spec.signerName"] });

        Add("networking.k8s.io", "networking", "IngressClass", "ingressclasses", new() { Cluster = true, Generation = true, Defaults = KindDefaults.IngressClass, Check = NetworkRules.IngressClass, CheckUpdate = NetworkRules.IngressClassUpdate, Columns = TableRows.IngressClasses, Row = TableRows.IngressClass });
        Add("networking.k8s.io", "networking", "Ingress", "ingresses", new() { Short = "ing", Status = true, Generation = true, Check = NetworkRules.IngressCreate, CheckUpdate = NetworkRules.IngressUpdate, Columns = TableRows.Ingresses, Row = TableRows.Ingress });
        Add("networking.k8s.io", "networking", "NetworkPolicy", "networkpolicies", new() { Short = "netpol", Generation = true, Strict = true, Defaults = KindDefaults.NetworkPolicy, Check = NetworkRules.Policy, Columns = TableRows.NetworkPolicies, Row = TableRows.NetworkPolicy });

        Add("rbac.authorization.k8s.io", "rbac", "ClusterRoleBinding", "clusterrolebindings", new() { Cluster = true, Puts = true, Name = NameRule.PathSegment, Defaults = KindDefaults.Binding, Check = RbacRules.Binding, CheckUpdate = RbacRules.BindingUpdate, Columns = TableRows.RoleBindings, Row = TableRows.RoleBinding });
        Add("rbac.authorization.k8s.io", "rbac", "ClusterRole", "clusterroles", new() { Cluster = true, Puts = true, Name = NameRule.PathSegment, Check = RbacRules.Role, Columns = TableRows.Roles, Row = TableRows.Role });
        Add("rbac.authorization.k8s.io", "rbac", "RoleBinding", "rolebindings", new() { Puts = true, Name = NameRule.PathSegment, Defaults = KindDefaults.Binding, Check = RbacRules.Binding, CheckUpdate = RbacRules.BindingUpdate, Columns = TableRows.RoleBindings, Row = TableRows.RoleBinding });
        Add("rbac.authorization.k8s.io", "rbac", "Role", "roles", new() { Puts = true, Name = NameRule.PathSegment, Check = RbacRules.Role, Columns = TableRows.Roles, Row = TableRows.Role });

        Add("storage.k8s.io", "storage", "CSIDriver", "csidrivers", new() { Cluster = true, Defaults = KindDefaults.CsiDriver });
        Add("storage.k8s.io", "storage", "CSINode", "csinodes", new() { Cluster = true });
        Add("storage.k8s.io", "storage", "CSIStorageCapacity", "csistoragecapacities", new() { });
        Add("storage.k8s.io", "storage", "StorageClass", "storageclasses", new() { Cluster = true, Short = "sc", Puts = false, Defaults = KindDefaults.StorageClass, Check = VolumeRules.StorageClass, CheckUpdate = VolumeRules.StorageClassUpdate, Columns = TableRows.StorageClasses, Row = TableRows.StorageClass });
        Add("storage.k8s.io", "storage", "VolumeAttachment", "volumeattachments", new() { Cluster = true, Status = true });

        Add("admissionregistration.k8s.io", "admission", "MutatingWebhookConfiguration", "mutatingwebhookconfigurations", new() { Cluster = true, Generation = true, Strict = true, NeedsVersion = true, Category = "api-extensions", Defaults = KindDefaults.Webhooks, Check = PolicyRules.Webhooks, Columns = TableRows.WebhookConfigurations, Row = TableRows.WebhookConfiguration });
        Add("admissionregistration.k8s.io", "admission", "ValidatingAdmissionPolicy", "validatingadmissionpolicies", new() { Cluster = true, Generation = true, NeedsVersion = true, Status = true, Category = "api-extensions", Defaults = KindDefaults.AdmissionPolicy });
        Add("admissionregistration.k8s.io", "admission", "ValidatingAdmissionPolicyBinding", "validatingadmissionpolicybindings", new() { Cluster = true, Generation = true, NeedsVersion = true, Category = "api-extensions", Defaults = KindDefaults.AdmissionPolicyBinding });
        Add("admissionregistration.k8s.io", "admission", "ValidatingWebhookConfiguration", "validatingwebhookconfigurations", new() { Cluster = true, Generation = true, Strict = true, NeedsVersion = true, Category = "api-extensions", Defaults = KindDefaults.Webhooks, Check = PolicyRules.Webhooks, Columns = TableRows.WebhookConfigurations, Row = TableRows.WebhookConfiguration });

        Add("apiextensions.k8s.io", "apiextensions", "CustomResourceDefinition", "customresourcedefinitions", new() { Cluster = true, Short = "crd,crds", Status = true, Generation = true, NeedsVersion = true, Category = "api-extensions", Defaults = KindDefaults.CustomResourceDefinition, Prepare = DefinitionRules.Prepare, PrepareUpdate = DefinitionRules.PrepareUpdate, Check = DefinitionRules.Check, CheckUpdate = DefinitionRules.CheckUpdate, Columns = TableRows.Definitions, Row = TableRows.Definition });
        Add("scheduling.k8s.io", "scheduling", "PriorityClass", "priorityclasses", new() { Cluster = true, Short = "pc", Generation = true, Moves = static (_, _) => false, Defaults = KindDefaults.PriorityClass, Check = PolicyRules.PriorityClass, CheckUpdate = PolicyRules.PriorityClassUpdate, Columns = TableRows.PriorityClasses, Row = TableRows.PriorityClass });
        Add("coordination.k8s.io", "coordination", "Lease", "leases", new() { Puts = true, NeedsVersion = true, Check = ConfigRules.Lease, Columns = TableRows.Leases, Row = TableRows.Lease });
        Add("node.k8s.io", "node", "RuntimeClass", "runtimeclasses", new() { Cluster = true, Columns = TableRows.RuntimeClasses, Row = TableRows.RuntimeClass });
        Add("discovery.k8s.io", "discovery", "EndpointSlice", "endpointslices", new() { Generation = true, Defaults = KindDefaults.EndpointSlice, Check = EndpointRules.Slice, CheckUpdate = EndpointRules.SliceUpdate, Columns = TableRows.Slices, Row = TableRows.Slice });
        Add("flowcontrol.apiserver.k8s.io", "flowcontrol", "FlowSchema", "flowschemas", new() { Cluster = true, Generation = true, Status = true, Versions = "v1,v1beta3" });
        Add("flowcontrol.apiserver.k8s.io", "flowcontrol", "PriorityLevelConfiguration", "prioritylevelconfigurations", new() { Cluster = true, Generation = true, Status = true, Versions = "v1,v1beta3", Check = PolicyRules.PriorityLevel });
    }
}
