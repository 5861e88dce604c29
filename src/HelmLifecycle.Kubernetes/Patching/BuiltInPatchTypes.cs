namespace HelmLifecycle.Kubernetes;

/// <summary>
/// The patch strategies of the built-in types: the <c>patchStrategy</c> and <c>patchMergeKey</c> tags of <c>k8s.io/api</c>, all of them.
/// Fields without a strategy stand here only where they lead to one.
/// </summary>
internal static class BuiltInPatchTypes
{
    /// <summary>
    /// The kinds of each group, by the type that describes them: <c>Kind</c> or <c>Kind=Type</c>. <c>Object</c> has metadata alone.
    /// </summary>
    public const string Kinds = """
        core                          Binding=Object ComponentStatus ConfigMap=Object Endpoints=Object Event=Object LimitRange=Object Namespace Node
        core                          PersistentVolume=Object PersistentVolumeClaim Pod PodTemplate ReplicationController ResourceQuota=Object
        core                          Secret=Object Service ServiceAccount
        admissionregistration.k8s.io  MutatingWebhookConfiguration=WebhookConfiguration ValidatingWebhookConfiguration=WebhookConfiguration
        admissionregistration.k8s.io  MutatingAdmissionPolicy ValidatingAdmissionPolicy
        admissionregistration.k8s.io  MutatingAdmissionPolicyBinding=Object ValidatingAdmissionPolicyBinding=Object
        apiextensions.k8s.io          CustomResourceDefinition=Object
        apiregistration.k8s.io        APIService=WithConditions
        apps                          ControllerRevision=Object DaemonSet=Workload Deployment ReplicaSet=Workload StatefulSet=Workload Scale=Object
        authentication.k8s.io         SelfSubjectReview=Object TokenRequest=Object TokenReview=Object
        authorization.k8s.io          LocalSubjectAccessReview=Object SelfSubjectAccessReview=Object SelfSubjectRulesReview=Object SubjectAccessReview=Object
        autoscaling                   HorizontalPodAutoscaler=WithConditions Scale=Object
        batch                         CronJob Job=Workload
        certificates.k8s.io           CertificateSigningRequest=Object ClusterTrustBundle=Object PodCertificateRequest=Object
        coordination.k8s.io           Lease=Object LeaseCandidate=Object
        discovery.k8s.io              EndpointSlice=Object
        events.k8s.io                 Event=Object
        extensions                    DaemonSet=Workload Deployment Ingress=Object NetworkPolicy=Object ReplicaSet=Workload Scale=Object
        flowcontrol.apiserver.k8s.io  FlowSchema=WithConditions PriorityLevelConfiguration=WithConditions
        imagepolicy.k8s.io            ImageReview=Object
        internal.apiserver.k8s.io     StorageVersion=Object
        networking.k8s.io             IPAddress=Object Ingress=Object IngressClass=Object NetworkPolicy=Object ServiceCIDR=WithConditions
        node.k8s.io                   RuntimeClass=Object
        policy                        Eviction=Object PodDisruptionBudget
        rbac.authorization.k8s.io     ClusterRole=Object ClusterRoleBinding=Object Role=Object RoleBinding=Object
        resource.k8s.io               DeviceClass=Object ResourceClaim ResourceClaimTemplate ResourceSlice=Object
        scheduling.k8s.io             PriorityClass=Object
        storage.k8s.io                CSIDriver=Object CSINode CSIStorageCapacity=Object StorageClass=Object VolumeAttachment=Object VolumeAttributesClass=Object
        storagemigration.k8s.io       StorageVersionMigration=WithConditions
        """;

    /// <summary>
    /// The types. <c>field:Type</c> is an object; <c>field:Type[key]</c> a list merged by that key; <c>field:[]</c> a list of scalars
    /// that is merged; <c>retainKeys</c> behind a key, or alone in parentheses, and <c>(replace)</c> are further strategies. A missing
    /// type is opaque. A version in front (<c>v1beta1/PodDisruptionBudget</c>) makes an exception for that version of the kind.
    /// </summary>
    public const string Types = """
        Object                       metadata:ObjectMeta
        ObjectMeta                   ownerReferences:[uid] finalizers:[]
        WithConditions               metadata:ObjectMeta status:ConditionsStatus
        ConditionsStatus             conditions:[type]
        ComponentStatus              metadata:ObjectMeta conditions:[type]

        Namespace                    metadata:ObjectMeta status:ConditionsStatus
        Node                         metadata:ObjectMeta spec:NodeSpec status:NodeStatus
        NodeSpec                     podCIDRs:[]
        NodeStatus                   conditions:[type] addresses:[type]
        PersistentVolumeClaim        metadata:ObjectMeta status:ConditionsStatus
        Service                      metadata:ObjectMeta spec:ServiceSpec status:ConditionsStatus
        ServiceSpec                  ports:[port]
        ServiceAccount               metadata:ObjectMeta secrets:[name]

        Pod                          metadata:ObjectMeta spec:PodSpec status:PodStatus
        PodTemplate                  metadata:ObjectMeta template:PodTemplateSpec
        PodTemplateSpec              metadata:ObjectMeta spec:PodSpec
        PodSpec                      containers:Container[name] initContainers:Container[name] ephemeralContainers:Container[name]
        PodSpec                      volumes:Volume[name,retainKeys] imagePullSecrets:[name] hostAliases:[ip]
        PodSpec                      topologySpreadConstraints:[topologyKey] schedulingGates:[name] resourceClaims:[name,retainKeys]
        Container                    ports:[containerPort] env:[name] volumeMounts:[mountPath] volumeDevices:[devicePath]
        Volume                       ephemeral:EphemeralVolumeSource
        EphemeralVolumeSource        volumeClaimTemplate:Object
        PodStatus                    conditions:[type] podIPs:[ip] hostIPs:[ip] resourceClaimStatuses:[name,retainKeys]
        PodStatus                    containerStatuses:ContainerStatus initContainerStatuses:ContainerStatus ephemeralContainerStatuses:ContainerStatus
        ContainerStatus              volumeMounts:[mountPath]

        ReplicationController        metadata:ObjectMeta spec:WorkloadSpec status:ConditionsStatus
        Workload                     metadata:ObjectMeta spec:WorkloadSpec status:ConditionsStatus
        WorkloadSpec                 template:PodTemplateSpec
        Deployment                   metadata:ObjectMeta spec:DeploymentSpec status:ConditionsStatus
        DeploymentSpec               template:PodTemplateSpec strategy:(retainKeys)
        CronJob                      metadata:ObjectMeta spec:CronJobSpec
        CronJobSpec                  jobTemplate:JobTemplateSpec
        JobTemplateSpec              metadata:ObjectMeta spec:WorkloadSpec

        PodDisruptionBudget          metadata:ObjectMeta spec:PodDisruptionBudgetSpec status:ConditionsStatus
        PodDisruptionBudgetSpec      selector:(replace)
        v1beta1/PodDisruptionBudget  metadata:ObjectMeta status:ConditionsStatus

        WebhookConfiguration         metadata:ObjectMeta webhooks:Webhook[name]
        Webhook                      matchConditions:[name]
        ValidatingAdmissionPolicy    metadata:ObjectMeta spec:ValidatingAdmissionSpec
        ValidatingAdmissionSpec      matchConditions:[name] variables:[name]
        MutatingAdmissionPolicy      metadata:ObjectMeta spec:MutatingAdmissionSpec
        MutatingAdmissionSpec        matchConditions:[name]

        CSINode                      metadata:ObjectMeta spec:CSINodeSpec
        CSINodeSpec                  drivers:[name]
        ResourceClaim                metadata:ObjectMeta status:ResourceClaimStatus
        ResourceClaimStatus          reservedFor:[uid]
        ResourceClaimTemplate        metadata:ObjectMeta spec:Object
        """;
}
