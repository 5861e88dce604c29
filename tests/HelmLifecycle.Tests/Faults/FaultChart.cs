using HelmLifecycle.Charts;

namespace HelmLifecycle.Tests.Faults;

/// <summary>Ten objects, of which the second version changes nine and swaps one, with a Job before and one after.</summary>
internal static class FaultChart
{
    public static Chart Load() => ChartLoader.Load(
    [
        new ChartFile("Chart.yaml", "apiVersion: v2\nname: ten\nversion: 1.0.0\n"),
        new ChartFile("values.yaml", "v: \"1\"\n"),
        new ChartFile("templates/objects.yaml", """
            apiVersion: v1
            kind: ServiceAccount
            metadata: {name: ten, labels: {v: {{ .Values.v | quote }}}}
            ---
            apiVersion: v1
            kind: Secret
            metadata: {name: ten}
            stringData: {v: {{ .Values.v | quote }}}
            ---
            {{- range $i := until 3 }}
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: ten-{{ $i }}}
            data: {v: {{ $.Values.v | quote }}}
            ---
            {{- end }}
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: ten-v{{ .Values.v }}}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: Role
            metadata: {name: ten, labels: {v: {{ .Values.v | quote }}}}
            rules: [{apiGroups: [""], resources: [pods], verbs: [get]}]
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: ten, labels: {v: {{ .Values.v | quote }}}}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: ten}
            subjects: [{kind: ServiceAccount, name: ten}]
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: ten, labels: {v: {{ .Values.v | quote }}}}
            spec:
              selector: {app: ten}
              ports: [{port: 80}]
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: ten}
            spec:
              replicas: 2
              selector: {matchLabels: {app: ten}}
              template:
                metadata: {labels: {app: ten, v: {{ .Values.v | quote }}}}
                spec:
                  terminationGracePeriodSeconds: 1
                  containers: [{name: c, image: "ten:{{ .Values.v }}"}]
            """),
        new ChartFile("templates/hooks.yaml", """
            {{- range $when := list "pre" "post" }}
            apiVersion: batch/v1
            kind: Job
            metadata:
              name: ten-{{ $when }}
              annotations: {helm.sh/hook: {{ $when }}-upgrade, helm.sh/hook-delete-policy: "before-hook-creation,hook-succeeded"}
            spec:
              template:
                metadata: {annotations: {fake-kubelet/exit-code: "0"}}
                spec:
                  restartPolicy: Never
                  containers: [{name: c, image: "ten:{{ $.Values.v }}"}]
            ---
            {{- end }}
            """),
    ]);
}
