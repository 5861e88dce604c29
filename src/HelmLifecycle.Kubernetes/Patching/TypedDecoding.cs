using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HelmLifecycle.Kubernetes;

/// <summary>
/// Whether a manifest decodes into the Go type of its kind. Helm sends strategic patches only for objects that do; one with, say, a
/// number as an annotation stays unstructured, and a JSON merge patch is sent, which the server then refuses in its own words. Checked
/// are the fields that charts get wrong.
/// </summary>
internal static class TypedDecoding
{
    // s: string, i: whole number, b: boolean, [x]: list, {x}: map, another word: a type of this table.
    private const string Table = """
        Object            metadata:ObjectMeta
        ObjectMeta        name:s namespace:s labels:{s} annotations:{s} finalizers:[s]
        ConfigMap         metadata:ObjectMeta data:{s} binaryData:{s} immutable:b
        Secret            metadata:ObjectMeta data:{s} stringData:{s} type:s immutable:b
        ServiceAccount    metadata:ObjectMeta automountServiceAccountToken:b
        Service           metadata:ObjectMeta spec:ServiceSpec
        ServiceSpec       type:s selector:{s} clusterIP:s externalName:s loadBalancerIP:s externalTrafficPolicy:s sessionAffinity:s externalIPs:[s] ports:[ServicePort]
        ServiceSpec       publishNotReadyAddresses:b healthCheckNodePort:i
        ServicePort       name:s protocol:s port:i nodePort:i appProtocol:s
        Ingress           metadata:ObjectMeta spec:IngressSpec
        IngressSpec       ingressClassName:s tls:[IngressTls] rules:[IngressRule]
        IngressTls        hosts:[s] secretName:s
        IngressRule       host:s
        Pod               metadata:ObjectMeta spec:PodSpec
        Template          metadata:ObjectMeta spec:PodSpec
        PodSpec           containers:[Container] initContainers:[Container] nodeSelector:{s} serviceAccountName:s restartPolicy:s priorityClassName:s nodeName:s hostname:s
        PodSpec           dnsPolicy:s schedulerName:s hostNetwork:b hostPID:b hostIPC:b automountServiceAccountToken:b enableServiceLinks:b
        PodSpec           terminationGracePeriodSeconds:i activeDeadlineSeconds:i priority:i tolerations:[Toleration] imagePullSecrets:[Named] volumes:[Named]
        Named             name:s
        Toleration        key:s operator:s value:s effect:s tolerationSeconds:i
        Container         name:s image:s imagePullPolicy:s workingDir:s command:[s] args:[s] env:[EnvVar] ports:[ContainerPort] volumeMounts:[VolumeMount]
        Container         livenessProbe:Probe readinessProbe:Probe startupProbe:Probe stdin:b tty:b terminationMessagePath:s
        EnvVar            name:s value:s
        ContainerPort     name:s protocol:s containerPort:i hostPort:i
        VolumeMount       name:s mountPath:s subPath:s readOnly:b
        Probe             initialDelaySeconds:i timeoutSeconds:i periodSeconds:i successThreshold:i failureThreshold:i
        Selector          matchLabels:{s}
        Workload          metadata:ObjectMeta spec:WorkloadSpec
        WorkloadSpec      replicas:i selector:Selector template:Template minReadySeconds:i revisionHistoryLimit:i progressDeadlineSeconds:i paused:b serviceName:s
        WorkloadSpec      podManagementPolicy:s
        Job               metadata:ObjectMeta spec:JobSpec
        JobSpec           template:Template backoffLimit:i completions:i parallelism:i activeDeadlineSeconds:i ttlSecondsAfterFinished:i suspend:b
        CronJob           metadata:ObjectMeta spec:CronJobSpec
        CronJobSpec       schedule:s timeZone:s concurrencyPolicy:s suspend:b successfulJobsHistoryLimit:i failedJobsHistoryLimit:i startingDeadlineSeconds:i jobTemplate:Job
        HorizontalPodAutoscaler metadata:ObjectMeta spec:AutoscalerSpec
        AutoscalerSpec    minReplicas:i maxReplicas:i
        PodDisruptionBudget metadata:ObjectMeta spec:BudgetSpec
        BudgetSpec        selector:Selector
        """;

    private static readonly FrozenDictionary<string, Dictionary<string, string>> Types = Read();

    public static bool Succeeds(KubernetesObject o)
    {
        string type = o.Kind switch
        {
            "Deployment" or "ReplicaSet" or "StatefulSet" or "DaemonSet" => "Workload",
            string kind when Types.ContainsKey(kind) => kind,
            _ => "Object",
        };
        return Fits(o.Json, type);
    }

    private static bool Fits(JsonNode? value, string type)
    {
        // null is the zero value of any Go type.
        if (value is null) return true;
        JsonValueKind kind = value.GetValueKind();
        return type switch
        {
            "s" => kind == JsonValueKind.String,
            "b" => kind is JsonValueKind.True or JsonValueKind.False,
            "i" => JsonText.AsLong(value) is not null,
            _ when type[0] == '[' => value is JsonArray list && list.All(item => Fits(item, type[1..^1])),
            _ when type[0] == '{' => value is JsonObject map && map.All(item => Fits(item.Value, type[1..^1])),
            _ => value is JsonObject o && Types[type].All(field => Fits(o[field.Key], field.Value)),
        };
    }

    private static FrozenDictionary<string, Dictionary<string, string>> Read()
    {
        var types = new Dictionary<string, Dictionary<string, string>>(StringComparer.Ordinal);
        foreach (string line in Table.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            types.TryAdd(words[0], new Dictionary<string, string>(StringComparer.Ordinal));
            foreach (string[] field in words.Skip(1).Select(word => word.Split(':'))) types[words[0]].Add(field[0], field[1]);
        }
        return types.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
