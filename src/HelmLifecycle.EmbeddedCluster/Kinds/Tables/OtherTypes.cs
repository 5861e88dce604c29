namespace HelmLifecycle.EmbeddedCluster;

/// <summary>Types of the remaining groups.</summary>
internal static class OtherTypes
{
    public const string Networking = """
        Ingress: kind str, apiVersion str, metadata ObjectMeta, spec IngressSpec, status IngressStatus
        IngressSpec: ingressClassName *str, defaultBackend *IngressBackend, tls [IngressTLS], rules [IngressRule]
        IngressTLS: hosts [str], secretName str
        IngressRule: host str, http *HTTPIngressRuleValue
        HTTPIngressRuleValue: paths ![HTTPIngressPath]
        HTTPIngressPath: path str, pathType !*str, backend IngressBackend
        IngressBackend: service *IngressServiceBackend, resource *TypedLocalObjectReference
        IngressServiceBackend: name !str, port ServiceBackendPort
        ServiceBackendPort~: name str, number int32
        IngressStatus: loadBalancer IngressLoadBalancerStatus
        IngressLoadBalancerStatus: ingress [IngressLoadBalancerIngress]
        IngressLoadBalancerIngress: ip str, hostname str, ports [IngressPortStatus]
        IngressPortStatus: port !int32, protocol !str, error *str
        IngressClass: kind str, apiVersion str, metadata ObjectMeta, spec IngressClassSpec
        IngressClassSpec: controller str, parameters *IngressClassParametersReference
        IngressClassParametersReference: apiGroup *str, kind !str, name !str, scope !*str, namespace *str
        NetworkPolicy: kind str, apiVersion str, metadata ObjectMeta, spec NetworkPolicySpec
        NetworkPolicySpec: podSelector LabelSelector, ingress [NetworkPolicyIngressRule], egress [NetworkPolicyEgressRule], policyTypes [str]
        NetworkPolicyIngressRule: ports [NetworkPolicyPort], from [NetworkPolicyPeer]
        NetworkPolicyEgressRule: ports [NetworkPolicyPort], to [NetworkPolicyPeer]
        NetworkPolicyPort: protocol *str, port *ios, endPort *int32
        NetworkPolicyPeer: podSelector *LabelSelector, namespaceSelector *LabelSelector, ipBlock *IPBlock
        IPBlock: cidr !str, except [str]
        """;

    public const string Rbac = """
        Role: kind str, apiVersion str, metadata ObjectMeta, rules ![PolicyRule]
        ClusterRole: kind str, apiVersion str, metadata ObjectMeta, rules ![PolicyRule], aggregationRule *AggregationRule
        AggregationRule: clusterRoleSelectors [LabelSelector]
        PolicyRule: verbs ![str], apiGroups [str], resources [str], resourceNames [str], nonResourceURLs [str]
        RoleBinding: kind str, apiVersion str, metadata ObjectMeta, subjects [Subject], roleRef RoleRef
        ClusterRoleBinding: kind str, apiVersion str, metadata ObjectMeta, subjects [Subject], roleRef RoleRef
        Subject~: kind !str, apiGroup str, name !str, namespace str
        RoleRef~: apiGroup !str, kind !str, name !str
        """;

    public const string Storage = """
        StorageClass: kind str, apiVersion str, metadata ObjectMeta, provisioner !str, parameters {str}, reclaimPolicy *str, mountOptions [str], allowVolumeExpansion *bool,
          volumeBindingMode *str, allowedTopologies [TopologySelectorTerm]
        TopologySelectorTerm~: matchLabelExpressions [TopologySelectorLabelRequirement]
        TopologySelectorLabelRequirement: key !str, values ![str]
        VolumeAttachment: kind str, apiVersion str, metadata ObjectMeta, spec VolumeAttachmentSpec, status VolumeAttachmentStatus
        VolumeAttachmentSpec: attacher !str, source VolumeAttachmentSource, nodeName !str
        VolumeAttachmentSource: persistentVolumeName *str, inlineVolumeSpec *PersistentVolumeSpec
        VolumeAttachmentStatus: attached !bool, attachmentMetadata {str}, attachError *VolumeError, detachError *VolumeError
        VolumeError: time !time, message str
        CSIDriver: kind str, apiVersion str, metadata ObjectMeta, spec CSIDriverSpec
        CSIDriverSpec: attachRequired *bool, podInfoOnMount *bool, volumeLifecycleModes [str|set], storageCapacity *bool, fsGroupPolicy *str, tokenRequests [TokenRequest],
          requiresRepublish *bool, seLinuxMount *bool
        TokenRequest: audience !str, expirationSeconds *int64
        CSINode: kind str, apiVersion str, metadata ObjectMeta, spec CSINodeSpec
        CSINodeSpec: drivers ![CSINodeDriver|name]
        CSINodeDriver: name !str, nodeID !str, topologyKeys ![str], allocatable *VolumeNodeResources
        VolumeNodeResources: count *int32
        CSIStorageCapacity: kind str, apiVersion str, metadata ObjectMeta, nodeTopology *LabelSelector, storageClassName !str, capacity *qty, maximumVolumeSize *qty
        """;

    public const string Admission = """
        ValidatingWebhookConfiguration: kind str, apiVersion str, metadata ObjectMeta, webhooks [ValidatingWebhook|name]
        ValidatingWebhook: name !str, clientConfig WebhookClientConfig, rules [RuleWithOperations], failurePolicy *str, matchPolicy *str, namespaceSelector *LabelSelector,
          objectSelector *LabelSelector, sideEffects !*str, timeoutSeconds *int32, admissionReviewVersions ![str], matchConditions [MatchCondition|name]
        MutatingWebhookConfiguration: kind str, apiVersion str, metadata ObjectMeta, webhooks [MutatingWebhook|name]
        MutatingWebhook: name !str, clientConfig WebhookClientConfig, rules [RuleWithOperations], failurePolicy *str, matchPolicy *str, namespaceSelector *LabelSelector,
          objectSelector *LabelSelector, sideEffects !*str, timeoutSeconds *int32, admissionReviewVersions ![str], reinvocationPolicy *str, matchConditions [MatchCondition|name]
        WebhookClientConfig: url *str, service *ServiceReference, caBundle bytes
        ServiceReference: namespace !str, name !str, path *str, port *int32
        RuleWithOperations: operations [str], apiGroups [str], apiVersions [str], resources [str], scope *str
        NamedRuleWithOperations~: resourceNames [str], operations [str], apiGroups [str], apiVersions [str], resources [str], scope *str
        MatchCondition: name !str, expression !str
        ValidatingAdmissionPolicy: kind str, apiVersion str, metadata ObjectMeta, spec ValidatingAdmissionPolicySpec, status ValidatingAdmissionPolicyStatus
        ValidatingAdmissionPolicySpec: paramKind *ParamKind, matchConstraints *MatchResources, validations [Validation], failurePolicy *str, auditAnnotations [AuditAnnotation],
          matchConditions [MatchCondition|name], variables [Variable|name]
        ParamKind~: apiVersion str, kind str
        MatchResources~: namespaceSelector *LabelSelector, objectSelector *LabelSelector, resourceRules [NamedRuleWithOperations],
          excludeResourceRules [NamedRuleWithOperations], matchPolicy *str
        Validation: expression !str, message str, reason *str, messageExpression str
        AuditAnnotation: key !str, valueExpression !str
        Variable~: name !str, expression !str
        ValidatingAdmissionPolicyStatus: observedGeneration int64, typeChecking *any, conditions [Condition|type]
        ValidatingAdmissionPolicyBinding: kind str, apiVersion str, metadata ObjectMeta, spec ValidatingAdmissionPolicyBindingSpec
        ValidatingAdmissionPolicyBindingSpec: policyName str, paramRef *ParamRef, matchResources *MatchResources, validationActions [str|set]
        ParamRef~: name str, namespace str, selector *LabelSelector, parameterNotFoundAction *str
        """;

    public const string Small = """
        PriorityClass: kind str, apiVersion str, metadata ObjectMeta, value !int32, globalDefault bool, description str, preemptionPolicy *str
        Lease: kind str, apiVersion str, metadata ObjectMeta, spec LeaseSpec
        LeaseSpec: holderIdentity *str, leaseDurationSeconds *int32, acquireTime *microtime, renewTime *microtime, leaseTransitions *int32
        RuntimeClass: kind str, apiVersion str, metadata ObjectMeta, handler !str, overhead *Overhead, scheduling *Scheduling
        Overhead: podFixed {qty}
        Scheduling: nodeSelector {str}~, tolerations [Toleration]
        EndpointSlice: kind str, apiVersion str, metadata ObjectMeta, addressType !str, endpoints ![Endpoint], ports ![EndpointPort]
        Endpoint: addresses ![str|set], conditions EndpointConditions, hostname *str, targetRef *ObjectReference, deprecatedTopology {str}, nodeName *str, zone *str,
          hints *EndpointHints
        EndpointConditions: ready *bool, serving *bool, terminating *bool
        EndpointHints: forZones [ForZone]
        ForZone: name !str
        EndpointPort~: name *str, protocol *str, port *int32, appProtocol *str
        CertificateSigningRequest: kind str, apiVersion str, metadata ObjectMeta, spec CertificateSigningRequestSpec, status CertificateSigningRequestStatus
        CertificateSigningRequestSpec: request !bytes, signerName !str, expirationSeconds *int32, usages [str], username str, uid str, groups [str], extra {[str]}
        CertificateSigningRequestStatus: conditions [CertificateSigningRequestCondition|type], certificate bytes
        CertificateSigningRequestCondition: type !str, status !str, reason str, message str, lastUpdateTime !time, lastTransitionTime !time
        FlowSchema: kind str, apiVersion str, metadata ObjectMeta, spec any, status any
        PriorityLevelConfiguration: kind str, apiVersion str, metadata ObjectMeta, spec any, status any
        APIService: kind str, apiVersion str, metadata ObjectMeta, spec APIServiceSpec, status APIServiceStatus
        APIServiceSpec: service *APIServiceReference, group str, version str, insecureSkipTLSVerify bool, caBundle bytes, groupPriorityMinimum !int32, versionPriority !int32
        APIServiceReference: namespace str, name str, port *int32
        APIServiceStatus: conditions [APIServiceCondition|type]
        APIServiceCondition: type !str, status !str, lastTransitionTime !time, reason str, message str
        """;

    public const string Events = """
        Event: kind str, apiVersion str, metadata ObjectMeta, eventTime !microtime, series *EventSeries, reportingController str, reportingInstance str, action str, reason str,
          regarding ObjectReference, related *ObjectReference, note str, type str, deprecatedSource EventSource, deprecatedFirstTimestamp !time,
          deprecatedLastTimestamp !time, deprecatedCount int32
        EventSeries: count !int32, lastObservedTime !microtime
        """;

    public const string Extensions = """
        CustomResourceDefinition: kind str, apiVersion str, metadata ObjectMeta, spec CustomResourceDefinitionSpec, status !*CustomResourceDefinitionStatus
        CustomResourceDefinitionSpec: group !str, names CustomResourceDefinitionNames, scope !str, versions ![CustomResourceDefinitionVersion],
          conversion *CustomResourceConversion, preserveUnknownFields bool
        CustomResourceDefinitionNames: plural !str, singular str, shortNames [str], kind !str, listKind str, categories [str]
        CustomResourceDefinitionVersion: name !str, served !bool, storage !bool, deprecated bool, deprecationWarning *str, schema *CustomResourceValidation,
          subresources *CustomResourceSubresources, additionalPrinterColumns [CustomResourceColumnDefinition], selectableFields [SelectableField]
        SelectableField: jsonPath !str
        CustomResourceValidation: openAPIV3Schema *any
        CustomResourceSubresources: status *CustomResourceSubresourceStatus, scale *CustomResourceSubresourceScale
        CustomResourceSubresourceStatus:
        CustomResourceSubresourceScale: specReplicasPath !str, statusReplicasPath !str, labelSelectorPath *str
        CustomResourceColumnDefinition: name !str, type !str, format str, description str, priority int32, jsonPath !str
        CustomResourceConversion: strategy !str, webhook *WebhookConversion
        WebhookConversion: clientConfig *WebhookClientConfig, conversionReviewVersions ![str]
        WebhookClientConfig: url *str, service *ServiceReference, caBundle bytes
        ServiceReference: namespace !str, name !str, path *str, port *int32
        CustomResourceDefinitionStatus: conditions ![CustomResourceDefinitionCondition|type], acceptedNames CustomResourceDefinitionNames, storedVersions ![str]
        CustomResourceDefinitionCondition: type !str, status !str, lastTransitionTime !time, reason str, message str
        """;

    public const string Reviews = """
        SelfSubjectAccessReview: kind str, apiVersion str, metadata ObjectMeta, spec SubjectAccessReviewSpec, status SubjectAccessReviewStatus
        SubjectAccessReview: kind str, apiVersion str, metadata ObjectMeta, spec SubjectAccessReviewSpec, status SubjectAccessReviewStatus
        LocalSubjectAccessReview: kind str, apiVersion str, metadata ObjectMeta, spec SubjectAccessReviewSpec, status SubjectAccessReviewStatus
        SubjectAccessReviewSpec: resourceAttributes *ResourceAttributes, nonResourceAttributes *NonResourceAttributes, user str, groups [str], extra {[str]}, uid str
        ResourceAttributes: namespace str, verb str, group str, version str, resource str, subresource str, name str
        NonResourceAttributes: path str, verb str
        SubjectAccessReviewStatus: allowed !bool, denied bool, reason str, evaluationError str
        SelfSubjectRulesReview: kind str, apiVersion str, metadata ObjectMeta, spec SelfSubjectRulesReviewSpec, status SubjectRulesReviewStatus
        SelfSubjectRulesReviewSpec: namespace str
        SubjectRulesReviewStatus: resourceRules ![ResourceRule], nonResourceRules ![NonResourceRule], incomplete !bool, evaluationError str
        ResourceRule: verbs ![str], apiGroups [str], resources [str], resourceNames [str]
        NonResourceRule: verbs ![str], nonResourceURLs [str]
        SelfSubjectReview: kind str, apiVersion str, metadata ObjectMeta, status SelfSubjectReviewStatus
        SelfSubjectReviewStatus: userInfo UserInfo
        UserInfo: username str, uid str, groups [str], extra {[str]}
        TokenReview: kind str, apiVersion str, metadata ObjectMeta, spec TokenReviewSpec, status TokenReviewStatus
        TokenReviewSpec: token str, audiences [str]
        TokenReviewStatus: authenticated bool, user UserInfo, audiences [str], error str
        TokenRequest: kind str, apiVersion str, metadata ObjectMeta, spec TokenRequestSpec, status TokenRequestStatus
        TokenRequestSpec: audiences ![str], expirationSeconds !*int64, boundObjectRef !*BoundObjectReference
        BoundObjectReference: kind str, apiVersion str, name str, uid str
        TokenRequestStatus: token !str, expirationTimestamp !time
        """;
}
