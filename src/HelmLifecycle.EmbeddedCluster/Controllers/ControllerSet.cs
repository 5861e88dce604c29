namespace HelmLifecycle.EmbeddedCluster;

/// <summary>All that runs in a cluster, in the order in which each sees a change.</summary>
internal static class ControllerSet
{
    public static IReadOnlyList<Controller> Create(ClusterLoop loop) =>
    [
        new NamespaceController(loop),
        new GarbageCollector(loop),
        new SchedulerController(loop),
        new KubeletController(loop),
        new DeploymentController(loop),
        new ReplicaSetController(loop, "replicaset-controller", ClusterResources.ReplicaSets, "ReplicaSet"),
        new ReplicaSetController(loop, "replication-controller", ClusterResources.ReplicationControllers, "ReplicationController"),
        new StatefulSetController(loop),
        new DaemonSetController(loop),
        new JobController(loop),
        new CronJobController(loop),
        new EndpointsController(loop),
        new EndpointSliceController(loop),
        new AddressController(loop),
        new DisruptionController(loop),
        new VolumeController(loop),
        new QuotaController(loop),
        new AutoscalerController(loop),
    ];
}
