namespace HelmLifecycle.EmbeddedCluster;

/// <summary>Types of the core group, <c>v1</c>.</summary>
internal static class CoreTypes
{
    public const string Text = """
        # Pods
        Pod: kind str, apiVersion str, metadata ObjectMeta, spec PodSpec, status PodStatus
        PodTemplate: kind str, apiVersion str, metadata ObjectMeta, template PodTemplateSpec
        PodTemplateSpec: metadata ObjectMeta, spec PodSpec
        PodSpec: volumes [Volume|name], initContainers [Container|name], containers ![Container|name], ephemeralContainers [EphemeralContainer|name],
          restartPolicy str, terminationGracePeriodSeconds *int64, activeDeadlineSeconds *int64, dnsPolicy str, nodeSelector {str}~, serviceAccountName str,
          serviceAccount str, automountServiceAccountToken *bool, nodeName str, hostNetwork bool, hostPID bool, hostIPC bool, shareProcessNamespace *bool,
          securityContext *PodSecurityContext, imagePullSecrets [LocalObjectReference|name], hostname str, subdomain str, affinity *Affinity, schedulerName str,
          tolerations [Toleration], hostAliases [HostAlias|ip], priorityClassName str, priority *int32, dnsConfig *PodDNSConfig, readinessGates [PodReadinessGate],
          runtimeClassName *str, enableServiceLinks *bool, preemptionPolicy *str, overhead {qty},
          topologySpreadConstraints [TopologySpreadConstraint|topologyKey,whenUnsatisfiable], setHostnameAsFQDN *bool, os *PodOS, hostUsers *bool,
          schedulingGates [PodSchedulingGate|name], resourceClaims [PodResourceClaim|name]
        PodOS: name !str
        PodSchedulingGate: name !str
        PodResourceClaim: name !str, source ClaimSource
        ClaimSource: resourceClaimName *str, resourceClaimTemplateName *str
        PodReadinessGate: conditionType !str
        HostAlias: ip str, hostnames [str]
        PodDNSConfig: nameservers [str], searches [str], options [PodDNSConfigOption]
        PodDNSConfigOption: name str, value *str
        TopologySpreadConstraint: maxSkew !int32, topologyKey !str, whenUnsatisfiable !str, labelSelector *LabelSelector, minDomains *int32, nodeAffinityPolicy *str,
          nodeTaintsPolicy *str, matchLabelKeys [str]
        PodSecurityContext: seLinuxOptions *SELinuxOptions, windowsOptions *WindowsSecurityContextOptions, runAsUser *int64, runAsGroup *int64, runAsNonRoot *bool,
          supplementalGroups [int64], fsGroup *int64, sysctls [Sysctl], fsGroupChangePolicy *str, seccompProfile *SeccompProfile, appArmorProfile *AppArmorProfile
        SeccompProfile: type !str, localhostProfile *str
        AppArmorProfile: type !str, localhostProfile *str
        SELinuxOptions: user str, role str, type str, level str
        WindowsSecurityContextOptions: gmsaCredentialSpecName *str, gmsaCredentialSpec *str, runAsUserName *str, hostProcess *bool
        Sysctl: name !str, value !str
        Container: name !str, image str, command [str], args [str], workingDir str, ports [ContainerPort|containerPort,protocol], envFrom [EnvFromSource], env [EnvVar|name],
          resources ResourceRequirements, resizePolicy [ContainerResizePolicy], restartPolicy *str, volumeMounts [VolumeMount|mountPath],
          volumeDevices [VolumeDevice|devicePath], livenessProbe *Probe, readinessProbe *Probe, startupProbe *Probe, lifecycle *Lifecycle, terminationMessagePath str,
          terminationMessagePolicy str, imagePullPolicy str, securityContext *SecurityContext, stdin bool, stdinOnce bool, tty bool
        EphemeralContainer: name !str, image str, command [str], args [str], workingDir str, ports [ContainerPort|containerPort,protocol], envFrom [EnvFromSource], env [EnvVar|name],
          resources ResourceRequirements, resizePolicy [ContainerResizePolicy], restartPolicy *str, volumeMounts [VolumeMount|mountPath],
          volumeDevices [VolumeDevice|devicePath], livenessProbe *Probe, readinessProbe *Probe, startupProbe *Probe, lifecycle *Lifecycle, terminationMessagePath str,
          terminationMessagePolicy str, imagePullPolicy str, securityContext *SecurityContext, stdin bool, stdinOnce bool, tty bool, targetContainerName str
        ContainerResizePolicy: resourceName !str, restartPolicy !str
        ContainerPort: name str, hostPort int32, containerPort !int32, protocol str, hostIP str
        EnvVar: name !str, value str, valueFrom *EnvVarSource
        EnvVarSource: fieldRef *ObjectFieldSelector, resourceFieldRef *ResourceFieldSelector, configMapKeyRef *ConfigMapKeySelector, secretKeyRef *SecretKeySelector
        ObjectFieldSelector~: apiVersion str, fieldPath !str
        ResourceFieldSelector~: containerName str, resource !str, divisor !qty
        ConfigMapKeySelector~: name str, key !str, optional *bool
        SecretKeySelector~: name str, key !str, optional *bool
        EnvFromSource: prefix str, configMapRef *ConfigMapEnvSource, secretRef *SecretEnvSource
        ConfigMapEnvSource: name str, optional *bool
        SecretEnvSource: name str, optional *bool
        ResourceRequirements: limits {qty}, requests {qty}, claims [ResourceClaim|name]
        ResourceClaim: name !str
        VolumeMount: name !str, readOnly bool, recursiveReadOnly *str, mountPath !str, subPath str, mountPropagation *str, subPathExpr str
        VolumeDevice: name !str, devicePath !str
        Probe: exec *ExecAction, httpGet *HTTPGetAction, tcpSocket *TCPSocketAction, grpc *GRPCAction, initialDelaySeconds int32, timeoutSeconds int32, periodSeconds int32,
          successThreshold int32, failureThreshold int32, terminationGracePeriodSeconds *int64
        ExecAction: command [str]
        HTTPGetAction: path str, port !ios, host str, scheme str, httpHeaders [HTTPHeader]
        HTTPHeader: name !str, value !str
        TCPSocketAction: port !ios, host str
        GRPCAction: port !int32, service !*str
        Lifecycle: postStart *LifecycleHandler, preStop *LifecycleHandler
        LifecycleHandler: exec *ExecAction, httpGet *HTTPGetAction, tcpSocket *TCPSocketAction, sleep *SleepAction
        SleepAction: seconds !int64
        SecurityContext: capabilities *Capabilities, privileged *bool, seLinuxOptions *SELinuxOptions, windowsOptions *WindowsSecurityContextOptions, runAsUser *int64,
          runAsGroup *int64, runAsNonRoot *bool, readOnlyRootFilesystem *bool, allowPrivilegeEscalation *bool, procMount *str, seccompProfile *SeccompProfile,
          appArmorProfile *AppArmorProfile
        Capabilities: add [str], drop [str]
        Toleration: key str, operator str, value str, effect str, tolerationSeconds *int64
        Affinity: nodeAffinity *NodeAffinity, podAffinity *PodAffinity, podAntiAffinity *PodAntiAffinity
        NodeAffinity: requiredDuringSchedulingIgnoredDuringExecution *NodeSelector, preferredDuringSchedulingIgnoredDuringExecution [PreferredSchedulingTerm]
        NodeSelector~: nodeSelectorTerms ![NodeSelectorTerm]
        NodeSelectorTerm~: matchExpressions [NodeSelectorRequirement], matchFields [NodeSelectorRequirement]
        NodeSelectorRequirement: key !str, operator !str, values [str]
        PreferredSchedulingTerm: weight !int32, preference NodeSelectorTerm
        PodAffinity: requiredDuringSchedulingIgnoredDuringExecution [PodAffinityTerm], preferredDuringSchedulingIgnoredDuringExecution [WeightedPodAffinityTerm]
        PodAntiAffinity: requiredDuringSchedulingIgnoredDuringExecution [PodAffinityTerm], preferredDuringSchedulingIgnoredDuringExecution [WeightedPodAffinityTerm]
        PodAffinityTerm: labelSelector *LabelSelector, namespaces [str], topologyKey !str, namespaceSelector *LabelSelector, matchLabelKeys [str], mismatchLabelKeys [str]
        WeightedPodAffinityTerm: weight !int32, podAffinityTerm PodAffinityTerm
        LocalObjectReference~: name str
        PodStatus: phase str, conditions [PodCondition|type], message str, reason str, nominatedNodeName str, hostIP str, hostIPs [HostIP], podIP str, podIPs [PodIP|ip],
          startTime *time, initContainerStatuses [ContainerStatus], containerStatuses [ContainerStatus], qosClass str, ephemeralContainerStatuses [ContainerStatus],
          resize str, resourceClaimStatuses [PodResourceClaimStatus|name]
        PodResourceClaimStatus: name !str, resourceClaimName *str
        HostIP: ip !str
        PodIP: ip !str
        PodCondition: type !str, status !str, lastProbeTime !time, lastTransitionTime !time, reason str, message str
        ContainerStatus: name !str, state ContainerState, lastState ContainerState, ready !bool, restartCount !int32, image !str, imageID !str, containerID str,
          started *bool, allocatedResources {qty}, resources *ResourceRequirements, volumeMounts [VolumeMountStatus|mountPath]
        VolumeMountStatus: name !str, mountPath !str, readOnly bool, recursiveReadOnly *str
        ContainerState: waiting *ContainerStateWaiting, running *ContainerStateRunning, terminated *ContainerStateTerminated
        ContainerStateWaiting: reason str, message str
        ContainerStateRunning: startedAt !time
        ContainerStateTerminated: exitCode !int32, signal int32, reason str, message str, startedAt !time, finishedAt !time, containerID str
        # Volumes
        Volume: name !str, hostPath *HostPathVolumeSource, emptyDir *EmptyDirVolumeSource, gcePersistentDisk *GCEPersistentDiskVolumeSource,
          awsElasticBlockStore *AWSElasticBlockStoreVolumeSource, gitRepo *GitRepoVolumeSource, secret *SecretVolumeSource, nfs *NFSVolumeSource, iscsi *ISCSIVolumeSource,
          glusterfs *GlusterfsVolumeSource, persistentVolumeClaim *PersistentVolumeClaimVolumeSource, rbd *RBDVolumeSource, flexVolume *FlexVolumeSource,
          cinder *CinderVolumeSource, cephfs *CephFSVolumeSource, flocker *FlockerVolumeSource, downwardAPI *DownwardAPIVolumeSource, fc *FCVolumeSource,
          azureFile *AzureFileVolumeSource, configMap *ConfigMapVolumeSource, vsphereVolume *VsphereVirtualDiskVolumeSource, quobyte *QuobyteVolumeSource,
          azureDisk *AzureDiskVolumeSource, photonPersistentDisk *PhotonPersistentDiskVolumeSource, projected *ProjectedVolumeSource, portworxVolume *PortworxVolumeSource,
          scaleIO *ScaleIOVolumeSource, storageos *StorageOSVolumeSource, csi *CSIVolumeSource, ephemeral *EphemeralVolumeSource
        HostPathVolumeSource: path !str, type *str
        EmptyDirVolumeSource: medium str, sizeLimit *qty
        GCEPersistentDiskVolumeSource: pdName !str, fsType str, partition int32, readOnly bool
        AWSElasticBlockStoreVolumeSource: volumeID !str, fsType str, partition int32, readOnly bool
        GitRepoVolumeSource: repository !str, revision str, directory str
        SecretVolumeSource: secretName str, items [KeyToPath], defaultMode *int32, optional *bool
        KeyToPath: key !str, path !str, mode *int32
        NFSVolumeSource: server !str, path !str, readOnly bool
        ISCSIVolumeSource: targetPortal !str, iqn !str, lun !int32, iscsiInterface str, fsType str, readOnly bool, portals [str], chapAuthDiscovery bool, chapAuthSession bool,
          secretRef *LocalObjectReference, initiatorName *str
        GlusterfsVolumeSource: endpoints !str, path !str, readOnly bool
        PersistentVolumeClaimVolumeSource: claimName !str, readOnly bool
        RBDVolumeSource: monitors ![str], image !str, fsType str, pool str, user str, keyring str, secretRef *LocalObjectReference, readOnly bool
        FlexVolumeSource: driver !str, fsType str, secretRef *LocalObjectReference, readOnly bool, options {str}
        CinderVolumeSource: volumeID !str, fsType str, readOnly bool, secretRef *LocalObjectReference
        CephFSVolumeSource: monitors ![str], path str, user str, secretFile str, secretRef *LocalObjectReference, readOnly bool
        FlockerVolumeSource: datasetName str, datasetUUID str
        DownwardAPIVolumeSource: items [DownwardAPIVolumeFile], defaultMode *int32
        DownwardAPIVolumeFile: path !str, fieldRef *ObjectFieldSelector, resourceFieldRef *ResourceFieldSelector, mode *int32
        FCVolumeSource: targetWWNs [str], lun *int32, fsType str, readOnly bool, wwids [str]
        AzureFileVolumeSource: secretName !str, shareName !str, readOnly bool
        ConfigMapVolumeSource: name str, items [KeyToPath], defaultMode *int32, optional *bool
        VsphereVirtualDiskVolumeSource: volumePath !str, fsType str, storagePolicyName str, storagePolicyID str
        QuobyteVolumeSource: registry !str, volume !str, readOnly bool, user str, group str, tenant str
        AzureDiskVolumeSource: diskName !str, diskURI !str, cachingMode *str, fsType *str, readOnly *bool, kind *str
        PhotonPersistentDiskVolumeSource: pdID !str, fsType str
        ProjectedVolumeSource: sources ![VolumeProjection], defaultMode *int32
        VolumeProjection: secret *SecretProjection, downwardAPI *DownwardAPIProjection, configMap *ConfigMapProjection, serviceAccountToken *ServiceAccountTokenProjection,
          clusterTrustBundle *ClusterTrustBundleProjection
        SecretProjection: name str, items [KeyToPath], optional *bool
        ConfigMapProjection: name str, items [KeyToPath], optional *bool
        DownwardAPIProjection: items [DownwardAPIVolumeFile]
        ServiceAccountTokenProjection: audience str, expirationSeconds *int64, path !str
        ClusterTrustBundleProjection: name *str, signerName *str, labelSelector *LabelSelector, optional *bool, path !str
        PortworxVolumeSource: volumeID !str, fsType str, readOnly bool
        ScaleIOVolumeSource: gateway !str, system !str, secretRef !*LocalObjectReference, sslEnabled bool, protectionDomain str, storagePool str, storageMode str, volumeName str,
          fsType str, readOnly bool
        StorageOSVolumeSource: volumeName str, volumeNamespace str, fsType str, readOnly bool, secretRef *LocalObjectReference
        CSIVolumeSource: driver !str, readOnly *bool, fsType *str, volumeAttributes {str}, nodePublishSecretRef *LocalObjectReference
        EphemeralVolumeSource: volumeClaimTemplate *PersistentVolumeClaimTemplate
        PersistentVolumeClaimTemplate: metadata ObjectMeta, spec PersistentVolumeClaimSpec
        PersistentVolumeClaim: kind str, apiVersion str, metadata ObjectMeta, spec PersistentVolumeClaimSpec, status PersistentVolumeClaimStatus
        PersistentVolumeClaimSpec: accessModes [str], selector *LabelSelector, resources VolumeResourceRequirements, volumeName str, storageClassName *str, volumeMode *str,
          dataSource *TypedLocalObjectReference, dataSourceRef *TypedObjectReference, volumeAttributesClassName *str
        VolumeResourceRequirements: limits {qty}, requests {qty}
        TypedLocalObjectReference~: apiGroup !*str, kind !str, name !str
        TypedObjectReference: apiGroup !*str, kind !str, name !str, namespace *str
        PersistentVolumeClaimStatus: phase str, accessModes [str], capacity {qty}, conditions [PersistentVolumeClaimCondition|type], allocatedResources {qty},
          allocatedResourceStatuses {str}, currentVolumeAttributesClassName *str, modifyVolumeStatus *ModifyVolumeStatus
        ModifyVolumeStatus: targetVolumeAttributesClassName str, status !str
        PersistentVolumeClaimCondition: type !str, status !str, lastProbeTime !time, lastTransitionTime !time, reason str, message str
        PersistentVolume: kind str, apiVersion str, metadata ObjectMeta, spec PersistentVolumeSpec, status PersistentVolumeStatus
        PersistentVolumeSpec: capacity {qty}, gcePersistentDisk *GCEPersistentDiskVolumeSource, awsElasticBlockStore *AWSElasticBlockStoreVolumeSource,
          hostPath *HostPathVolumeSource, glusterfs *GlusterfsPersistentVolumeSource, nfs *NFSVolumeSource, rbd *RBDPersistentVolumeSource, iscsi *ISCSIPersistentVolumeSource,
          cinder *CinderPersistentVolumeSource, cephfs *CephFSPersistentVolumeSource, fc *FCVolumeSource, flocker *FlockerVolumeSource, flexVolume *FlexPersistentVolumeSource,
          azureFile *AzureFilePersistentVolumeSource, vsphereVolume *VsphereVirtualDiskVolumeSource, quobyte *QuobyteVolumeSource, azureDisk *AzureDiskVolumeSource,
          photonPersistentDisk *PhotonPersistentDiskVolumeSource, portworxVolume *PortworxVolumeSource, scaleIO *ScaleIOPersistentVolumeSource, local *LocalVolumeSource,
          storageos *StorageOSPersistentVolumeSource, csi *CSIPersistentVolumeSource, accessModes [str], claimRef *ObjectReference, persistentVolumeReclaimPolicy str,
          storageClassName str, mountOptions [str], volumeMode *str, nodeAffinity *VolumeNodeAffinity, volumeAttributesClassName *str
        SecretReference~: name str, namespace str
        GlusterfsPersistentVolumeSource: endpoints !str, path !str, readOnly bool, endpointsNamespace *str
        RBDPersistentVolumeSource: monitors ![str], image !str, fsType str, pool str, user str, keyring str, secretRef *SecretReference, readOnly bool
        ISCSIPersistentVolumeSource: targetPortal !str, iqn !str, lun !int32, iscsiInterface str, fsType str, readOnly bool, portals [str], chapAuthDiscovery bool,
          chapAuthSession bool, secretRef *SecretReference, initiatorName *str
        CinderPersistentVolumeSource: volumeID !str, fsType str, readOnly bool, secretRef *SecretReference
        CephFSPersistentVolumeSource: monitors ![str], path str, user str, secretFile str, secretRef *SecretReference, readOnly bool
        FlexPersistentVolumeSource: driver !str, fsType str, secretRef *SecretReference, readOnly bool, options {str}
        AzureFilePersistentVolumeSource: secretName !str, shareName !str, readOnly bool, secretNamespace !*str
        ScaleIOPersistentVolumeSource: gateway !str, system !str, secretRef !*SecretReference, sslEnabled bool, protectionDomain str, storagePool str, storageMode str,
          volumeName str, fsType str, readOnly bool
        LocalVolumeSource: path !str, fsType *str
        StorageOSPersistentVolumeSource: volumeName str, volumeNamespace str, fsType str, readOnly bool, secretRef *ObjectReference
        CSIPersistentVolumeSource: driver !str, volumeHandle !str, readOnly bool, fsType str, volumeAttributes {str}, controllerPublishSecretRef *SecretReference,
          nodeStageSecretRef *SecretReference, nodePublishSecretRef *SecretReference, controllerExpandSecretRef *SecretReference, nodeExpandSecretRef *SecretReference
        VolumeNodeAffinity: required *NodeSelector
        PersistentVolumeStatus: phase str, message str, reason str, lastPhaseTransitionTime *time
        ObjectReference~: kind str, namespace str, name str, uid str, apiVersion str, resourceVersion str, fieldPath str
        # Services
        Service: kind str, apiVersion str, metadata ObjectMeta, spec ServiceSpec, status ServiceStatus
        ServiceSpec: ports [ServicePort|port,protocol], selector {str}~, clusterIP str, clusterIPs [str], type str, externalIPs [str], sessionAffinity str, loadBalancerIP str,
          loadBalancerSourceRanges [str], externalName str, externalTrafficPolicy str, healthCheckNodePort int32, publishNotReadyAddresses bool,
          sessionAffinityConfig *SessionAffinityConfig, ipFamilies [str], ipFamilyPolicy *str, allocateLoadBalancerNodePorts *bool, loadBalancerClass *str,
          internalTrafficPolicy *str, trafficDistribution *str
        ServicePort: name str, protocol str, appProtocol *str, port !int32, targetPort !ios, nodePort int32
        SessionAffinityConfig: clientIP *ClientIPConfig
        ClientIPConfig: timeoutSeconds *int32
        ServiceStatus: loadBalancer LoadBalancerStatus, conditions [Condition|type]
        LoadBalancerStatus: ingress [LoadBalancerIngress]
        LoadBalancerIngress: ip str, hostname str, ipMode *str, ports [PortStatus]
        PortStatus: port !int32, protocol !str, error *str
        Endpoints: kind str, apiVersion str, metadata ObjectMeta, subsets [EndpointSubset]
        EndpointSubset: addresses [EndpointAddress], notReadyAddresses [EndpointAddress], ports [EndpointPort]
        EndpointAddress~: ip !str, hostname str, nodeName *str, targetRef *ObjectReference
        EndpointPort~: name str, port !int32, protocol str, appProtocol *str
        # Configuration
        ConfigMap: kind str, apiVersion str, metadata ObjectMeta, immutable *bool, data {str}, binaryData {bytes}
        Secret: kind str, apiVersion str, metadata ObjectMeta, immutable *bool, data {bytes}, stringData {str}, type str
        ServiceAccount: kind str, apiVersion str, metadata ObjectMeta, secrets [ObjectReference|name], imagePullSecrets [LocalObjectReference], automountServiceAccountToken *bool
        Namespace: kind str, apiVersion str, metadata ObjectMeta, spec NamespaceSpec, status NamespaceStatus
        NamespaceSpec: finalizers [str]
        NamespaceStatus: phase str, conditions [NamespaceCondition|type]
        NamespaceCondition: type !str, status !str, lastTransitionTime !time, reason str, message str
        LimitRange: kind str, apiVersion str, metadata ObjectMeta, spec LimitRangeSpec
        LimitRangeSpec: limits ![LimitRangeItem]
        LimitRangeItem: type !str, max {qty}, min {qty}, default {qty}, defaultRequest {qty}, maxLimitRequestRatio {qty}
        ResourceQuota: kind str, apiVersion str, metadata ObjectMeta, spec ResourceQuotaSpec, status ResourceQuotaStatus
        ResourceQuotaSpec: hard {qty}, scopes [str], scopeSelector *ScopeSelector
        ScopeSelector~: matchExpressions [ScopedResourceSelectorRequirement]
        ScopedResourceSelectorRequirement: scopeName !str, operator !str, values [str]
        ResourceQuotaStatus: hard {qty}, used {qty}
        ReplicationController: kind str, apiVersion str, metadata ObjectMeta, spec ReplicationControllerSpec, status ReplicationControllerStatus
        ReplicationControllerSpec: replicas *int32, minReadySeconds int32, selector {str}~, template *PodTemplateSpec
        ReplicationControllerStatus: replicas !int32, fullyLabeledReplicas int32, readyReplicas int32, availableReplicas int32, observedGeneration int64,
          conditions [ReplicationControllerCondition|type]
        ReplicationControllerCondition: type !str, status !str, lastTransitionTime !time, reason str, message str
        # Nodes
        Node: kind str, apiVersion str, metadata ObjectMeta, spec NodeSpec, status NodeStatus
        NodeSpec: podCIDR str, podCIDRs [str|set], providerID str, unschedulable bool, taints [Taint], configSource *any, externalID str
        Taint: key !str, value str, effect !str, timeAdded *time
        NodeStatus: capacity {qty}, allocatable {qty}, phase str, conditions [NodeCondition|type], addresses [NodeAddress|type], daemonEndpoints NodeDaemonEndpoints,
          nodeInfo NodeSystemInfo, images [ContainerImage], volumesInUse [str], volumesAttached [AttachedVolume], config *any, runtimeHandlers [any]
        NodeCondition: type !str, status !str, lastHeartbeatTime !time, lastTransitionTime !time, reason str, message str
        NodeAddress: type !str, address !str
        NodeDaemonEndpoints: kubeletEndpoint DaemonEndpoint
        DaemonEndpoint: Port !int32
        NodeSystemInfo: machineID !str, systemUUID !str, bootID !str, kernelVersion !str, osImage !str, containerRuntimeVersion !str, kubeletVersion !str, kubeProxyVersion !str,
          operatingSystem !str, architecture !str
        ContainerImage: names [str], sizeBytes int64
        AttachedVolume: name !str, devicePath !str
        # Others
        Event: kind str, apiVersion str, metadata ObjectMeta, involvedObject ObjectReference, reason str, message str, source EventSource, firstTimestamp !time,
          lastTimestamp !time, count int32, type str, eventTime !microtime, series *EventSeries, action str, related *ObjectReference, reportingComponent !str,
          reportingInstance !str
        EventSource: component str, host str
        EventSeries: count int32, lastObservedTime !microtime
        Binding: kind str, apiVersion str, metadata ObjectMeta, target ObjectReference
        ComponentStatus: kind str, apiVersion str, metadata ObjectMeta, conditions [ComponentCondition|type]
        ComponentCondition: type !str, status !str, message str, error str
        """;
}
