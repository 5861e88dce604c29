namespace HelmLifecycle.EmbeddedCluster;

/// <summary>Types of <c>meta.k8s.io/v1</c> that every group uses.</summary>
internal static class MetaTypes
{
    public const string Text = """
        ObjectMeta: name str, generateName str, namespace str, selfLink str, uid str, resourceVersion str, generation int64, creationTimestamp !time,
          deletionTimestamp *time, deletionGracePeriodSeconds *int64, labels {str}, annotations {str}, ownerReferences [OwnerReference|uid],
          finalizers [str|set], managedFields [ManagedFieldsEntry]
        OwnerReference~: apiVersion !str, kind !str, name !str, uid !str, controller *bool, blockOwnerDeletion *bool
        ManagedFieldsEntry: manager str, operation str, apiVersion str, time *time, fieldsType str, fieldsV1 any, subresource str
        LabelSelector~: matchLabels {str}, matchExpressions [LabelSelectorRequirement]
        LabelSelectorRequirement: key !str, operator !str, values [str]
        Condition: type !str, status !str, observedGeneration int64, lastTransitionTime !time, reason !str, message !str
        DeleteOptions: kind str, apiVersion str, gracePeriodSeconds *int64, preconditions *Preconditions, orphanDependents *bool, propagationPolicy *str, dryRun [str]
        Preconditions: uid *str, resourceVersion *str
        """;
}
