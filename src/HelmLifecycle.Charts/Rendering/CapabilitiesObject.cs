namespace HelmLifecycle.Charts;

/// <summary>What templates see as <c>.Capabilities</c>.</summary>
internal sealed class CapabilitiesObject : IGoObject
{
    private static readonly GoType s_type = new("*common.Capabilities", GoKind.Object, "ptr");
    private static readonly GoType s_kubeVersion = new("common.KubeVersion", GoKind.Object, "struct");
    private static readonly GoType s_helmVersion = new("version.BuildInfo", GoKind.Object, "struct");
    private static readonly GoType s_versionSet = new("common.VersionSet", GoKind.List, "slice", GoType.String) { Methods = FindVersionSetMethod };

    private readonly GoList _apiVersions;
    private readonly StructObject _kubeVersion;
    private readonly StructObject _helmVersion;

    internal CapabilitiesObject(Capabilities capabilities)
    {
        _apiVersions = new GoList([.. capabilities.ApiVersions.Select(GoValue.String)], s_versionSet);
        KubeVersion kube = capabilities.KubeVersion;
        HelmVersion helm = capabilities.HelmVersion;
        _kubeVersion = new(s_kubeVersion, [("Version", kube.Version), ("Major", kube.Major), ("Minor", kube.Minor)])
        {
            Text = kube.Version,
            Methods = new(StringComparer.Ordinal)
            {
                ["String"] = Returns("String", kube.Version),
                ["GitVersion"] = Returns("GitVersion", kube.Version),
            },
        };
        _helmVersion = new(
            s_helmVersion,
            [
                ("Version", helm.Version), ("GitCommit", helm.GitCommit), ("GitTreeState", helm.GitTreeState), ("GoVersion", helm.GoVersion),
                ("KubeClientVersion", helm.KubeClientVersion),
            ])
        {
            // The struct's tags: names of their own, and the commit and the state of the tree left out when empty.
            JsonNames = ["version", "git_commit,omitempty", "git_tree_state,omitempty", "go_version", "kube_client_version"],
        };
    }

    public GoType GoType => s_type;

    public bool TryGetField(string name, out GoValue value)
    {
        value = name switch
        {
            "KubeVersion" => GoValue.Object(_kubeVersion),
            "APIVersions" => _apiVersions,
            "HelmVersion" => GoValue.Object(_helmVersion),
            _ => default,
        };
        return !value.IsNil;
    }

    // Charts look at this text to tell Helm 2 from Helm 3: it ends in two braces.
    public bool IsBarePointer => true;

    public string Print() => $"&{{{_kubeVersion.PrintFields()} [{string.Join(' ', _apiVersions.Select(v => v.AsString))}] {_helmVersion.PrintFields()}}}";

    public string MarshalJson() => $"{{\"KubeVersion\":{_kubeVersion.MarshalJson()},\"APIVersions\":{HelmJson.Write(_apiVersions, false)},"
        + $"\"HelmVersion\":{_helmVersion.MarshalJson()}}}";

    private static GoFunction Returns(string name, string text) => new(name, [], (_, _) => text);

    private static GoFunction? FindVersionSetMethod(GoValue set, string name) => name != "Has" ? null : new GoFunction("Has", [GoParameter.String], (_, arguments) =>
    {
        string wanted = arguments[0].AsString!;
        foreach (GoValue version in set.AsList!.Span)
        {
            if (version.AsString == wanted)
                return true;
        }

        return false;
    });

    private sealed class StructObject(GoType type, (string Name, string Value)[] fields) : IGoObject
    {
        internal Dictionary<string, GoFunction> Methods { get; init; } = [];

        internal string? Text { get; init; }

        internal string[]? JsonNames { get; init; }

        public GoType GoType => type;

        public bool TryGetField(string name, out GoValue value)
        {
            foreach ((string field, string text) in fields)
            {
                if (field != name)
                    continue;
                value = text;
                return true;
            }

            value = default;
            return false;
        }

        public GoFunction? GetMethod(string name) => Methods.GetValueOrDefault(name);

        public string Print() => Text ?? PrintFields();

        public string MarshalJson()
        {
            var members = new List<string>(fields.Length);
            for (int i = 0; i < fields.Length; i++)
            {
                string name = JsonNames?[i] ?? fields[i].Name;
                int comma = name.IndexOf(',', StringComparison.Ordinal);
                if (comma >= 0 && fields[i].Value.Length == 0)
                    continue;
                members.Add($"\"{(comma < 0 ? name : name[..comma])}\":{HelmJson.Write(fields[i].Value, false)}");
            }

            return $"{{{string.Join(',', members)}}}";
        }

        internal string PrintFields() => $"{{{string.Join(' ', fields.Select(f => f.Value))}}}";
    }
}
