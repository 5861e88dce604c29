namespace HelmLifecycle.EmbeddedCluster;

/// <summary>Types of <c>apps/v1</c>, <c>batch/v1</c>, <c>autoscaling</c> and <c>policy/v1</c>.</summary>
internal static class WorkloadTypes
{
    public const string Apps = """
        Deployment: kind str, apiVersion str, metadata ObjectMeta, spec DeploymentSpec, status DeploymentStatus
        DeploymentSpec: replicas *int32, selector !*LabelSelector, template PodTemplateSpec, strategy DeploymentStrategy, minReadySeconds int32, revisionHistoryLimit *int32,
          paused bool, progressDeadlineSeconds *int32
        DeploymentStrategy: type str, rollingUpdate *RollingUpdateDeployment
        RollingUpdateDeployment: maxUnavailable *ios, maxSurge *ios
        DeploymentStatus: observedGeneration int64, replicas int32, updatedReplicas int32, readyReplicas int32, availableReplicas int32, unavailableReplicas int32,
          conditions [DeploymentCondition|type], collisionCount *int32
        DeploymentCondition: type !str, status !str, lastUpdateTime !time, lastTransitionTime !time, reason str, message str
        ReplicaSet: kind str, apiVersion str, metadata ObjectMeta, spec ReplicaSetSpec, status ReplicaSetStatus
        ReplicaSetSpec: replicas *int32, minReadySeconds int32, selector !*LabelSelector, template PodTemplateSpec
        ReplicaSetStatus: replicas !int32, fullyLabeledReplicas int32, readyReplicas int32, availableReplicas int32, observedGeneration int64, conditions [ReplicaSetCondition|type]
        ReplicaSetCondition: type !str, status !str, lastTransitionTime !time, reason str, message str
        StatefulSet: kind str, apiVersion str, metadata ObjectMeta, spec StatefulSetSpec, status StatefulSetStatus
        StatefulSetSpec: replicas *int32, selector !*LabelSelector, template PodTemplateSpec, volumeClaimTemplates [PersistentVolumeClaim], serviceName !str, podManagementPolicy str,
          updateStrategy StatefulSetUpdateStrategy, revisionHistoryLimit *int32, minReadySeconds int32,
          persistentVolumeClaimRetentionPolicy *StatefulSetPersistentVolumeClaimRetentionPolicy, ordinals *StatefulSetOrdinals
        StatefulSetUpdateStrategy: type str, rollingUpdate *RollingUpdateStatefulSetStrategy
        RollingUpdateStatefulSetStrategy: partition *int32, maxUnavailable *ios
        StatefulSetPersistentVolumeClaimRetentionPolicy: whenDeleted str, whenScaled str
        StatefulSetOrdinals: start !int32
        StatefulSetStatus: observedGeneration int64, replicas !int32, readyReplicas int32, currentReplicas int32, updatedReplicas int32, currentRevision str, updateRevision str,
          collisionCount *int32, conditions [StatefulSetCondition|type], availableReplicas !int32
        StatefulSetCondition: type !str, status !str, lastTransitionTime !time, reason str, message str
        DaemonSet: kind str, apiVersion str, metadata ObjectMeta, spec DaemonSetSpec, status DaemonSetStatus
        DaemonSetSpec: selector !*LabelSelector, template PodTemplateSpec, updateStrategy DaemonSetUpdateStrategy, minReadySeconds int32, revisionHistoryLimit *int32
        DaemonSetUpdateStrategy: type str, rollingUpdate *RollingUpdateDaemonSet
        RollingUpdateDaemonSet: maxUnavailable *ios, maxSurge *ios
        DaemonSetStatus: currentNumberScheduled !int32, numberMisscheduled !int32, desiredNumberScheduled !int32, numberReady !int32, observedGeneration int64,
          updatedNumberScheduled int32, numberAvailable int32, numberUnavailable int32, collisionCount *int32, conditions [DaemonSetCondition|type]
        DaemonSetCondition: type !str, status !str, lastTransitionTime !time, reason str, message str
        ControllerRevision: kind str, apiVersion str, metadata ObjectMeta, data any, revision !int64
        """;

    public const string Batch = """
        Job: kind str, apiVersion str, metadata ObjectMeta, spec JobSpec, status JobStatus
        JobSpec: parallelism *int32, completions *int32, activeDeadlineSeconds *int64, podFailurePolicy *PodFailurePolicy, successPolicy *SuccessPolicy, backoffLimit *int32,
          backoffLimitPerIndex *int32, maxFailedIndexes *int32, selector *LabelSelector, manualSelector *bool, template PodTemplateSpec, ttlSecondsAfterFinished *int32,
          completionMode *str, suspend *bool, podReplacementPolicy *str, managedBy *str
        PodFailurePolicy: rules ![PodFailurePolicyRule]
        PodFailurePolicyRule: action !str, onExitCodes !*PodFailurePolicyOnExitCodesRequirement, onPodConditions ![PodFailurePolicyOnPodConditionsPattern]
        PodFailurePolicyOnExitCodesRequirement: containerName !*str, operator !str, values ![int32|set]
        PodFailurePolicyOnPodConditionsPattern: type !str, status !str
        SuccessPolicy: rules ![SuccessPolicyRule]
        SuccessPolicyRule: succeededIndexes *str, succeededCount *int32
        JobStatus: conditions [JobCondition], startTime *time, completionTime *time, active int32, succeeded int32, failed int32, terminating *int32, completedIndexes str,
          failedIndexes *str, uncountedTerminatedPods *UncountedTerminatedPods, ready *int32
        UncountedTerminatedPods: succeeded [str|set], failed [str|set]
        JobCondition: type !str, status !str, lastProbeTime !time, lastTransitionTime !time, reason str, message str
        CronJob: kind str, apiVersion str, metadata ObjectMeta, spec CronJobSpec, status CronJobStatus
        CronJobSpec: schedule !str, timeZone *str, startingDeadlineSeconds *int64, concurrencyPolicy str, suspend *bool, jobTemplate JobTemplateSpec,
          successfulJobsHistoryLimit *int32, failedJobsHistoryLimit *int32
        JobTemplateSpec: metadata ObjectMeta, spec JobSpec
        CronJobStatus: active [ObjectReference], lastScheduleTime *time, lastSuccessfulTime *time
        """;

    public const string AutoscalingV1 = """
        HorizontalPodAutoscaler: kind str, apiVersion str, metadata ObjectMeta, spec HorizontalPodAutoscalerSpec, status HorizontalPodAutoscalerStatus
        HorizontalPodAutoscalerSpec: scaleTargetRef CrossVersionObjectReference, minReplicas *int32, maxReplicas !int32, targetCPUUtilizationPercentage *int32
        HorizontalPodAutoscalerStatus: observedGeneration *int64, lastScaleTime *time, currentReplicas !int32, desiredReplicas !int32, currentCPUUtilizationPercentage *int32
        CrossVersionObjectReference~: kind !str, name !str, apiVersion str
        Scale: kind str, apiVersion str, metadata ObjectMeta, spec ScaleSpec, status ScaleStatus
        ScaleSpec: replicas int32
        ScaleStatus: replicas !int32, selector str
        """;

    public const string AutoscalingV2 = """
        HorizontalPodAutoscaler: kind str, apiVersion str, metadata ObjectMeta, spec HorizontalPodAutoscalerSpec, status HorizontalPodAutoscalerStatus
        HorizontalPodAutoscalerSpec: scaleTargetRef CrossVersionObjectReference, minReplicas *int32, maxReplicas !int32, metrics [MetricSpec],
          behavior *HorizontalPodAutoscalerBehavior
        CrossVersionObjectReference: kind !str, name !str, apiVersion str
        HorizontalPodAutoscalerBehavior: scaleUp *HPAScalingRules, scaleDown *HPAScalingRules
        HPAScalingRules: stabilizationWindowSeconds *int32, selectPolicy *str, policies [HPAScalingPolicy]
        HPAScalingPolicy: type !str, value !int32, periodSeconds !int32
        MetricSpec: type !str, object *ObjectMetricSource, pods *PodsMetricSource, resource *ResourceMetricSource, containerResource *ContainerResourceMetricSource,
          external *ExternalMetricSource
        ObjectMetricSource: describedObject CrossVersionObjectReference, target MetricTarget, metric MetricIdentifier
        PodsMetricSource: metric MetricIdentifier, target MetricTarget
        ResourceMetricSource: name !str, target MetricTarget
        ContainerResourceMetricSource: name !str, target MetricTarget, container !str
        ExternalMetricSource: metric MetricIdentifier, target MetricTarget
        MetricIdentifier: name !str, selector *LabelSelector
        MetricTarget: type !str, value *qty, averageValue *qty, averageUtilization *int32
        HorizontalPodAutoscalerStatus: observedGeneration *int64, lastScaleTime *time, currentReplicas int32, desiredReplicas !int32, currentMetrics ![MetricStatus],
          conditions [HorizontalPodAutoscalerCondition|type]
        HorizontalPodAutoscalerCondition: type !str, status !str, lastTransitionTime !time, reason str, message str
        MetricStatus: type !str, object *any, pods *any, resource *any, containerResource *any, external *any
        """;

    public const string Policy = """
        PodDisruptionBudget: kind str, apiVersion str, metadata ObjectMeta, spec PodDisruptionBudgetSpec, status PodDisruptionBudgetStatus
        PodDisruptionBudgetSpec: minAvailable *ios, selector *LabelSelector, maxUnavailable *ios, unhealthyPodEvictionPolicy *str
        PodDisruptionBudgetStatus: observedGeneration int64, disruptedPods {time}, disruptionsAllowed !int32, currentHealthy !int32, desiredHealthy !int32, expectedPods !int32,
          conditions [Condition|type]
        Eviction: kind str, apiVersion str, metadata ObjectMeta, deleteOptions *DeleteOptions
        """;
}
