using System.Text.Json.Nodes;
using HelmLifecycle.Kubernetes;

namespace HelmLifecycle.Tests.Replay;

/// <summary>The kubectl commands that stand between the helm commands of the recordings.</summary>
internal sealed class KubectlCommand(KubernetesClient client, string ns)
{
    public async Task RunAsync(IReadOnlyList<string> command, string? stdin, CancellationToken ct)
    {
        var flags = new List<(string Flag, string Value)>();
        var words = new List<string>();
        for (int i = 1; i < command.Count; i++)
        {
            string word = command[i];
            if (!word.StartsWith('-') || word == "-") words.Add(word);
            else if (word.Contains('=')) flags.Add((word[..word.IndexOf('=')], word[(word.IndexOf('=') + 1)..]));
            else if (word is "--overwrite" or "--server-side" or "--force-conflicts") flags.Add((word, ""));
            else flags.Add((word, command[++i]));
        }

        string? Flag(string name) => flags.Where(f => f.Flag == name).Select(f => f.Value).LastOrDefault();
        switch (words[0])
        {
            case "get":
                break;
            case "annotate" or "label":
                {
                    var kind = await KindAsync(words[1], ct);
                    var map = new JsonObject();
                    foreach (string pair in words.Skip(3)) map[pair.TrimEnd('-').Split('=')[0]] = pair.EndsWith('-') ? null : pair[(pair.IndexOf('=') + 1)..];
                    var patch = new JsonObject { ["metadata"] = new JsonObject { [words[0] == "label" ? "labels" : "annotations"] = map } };
                    await client.PatchAsync(kind, ns, words[2], new PatchBody(PatchType.Merge, patch), new WriteOptions { FieldManager = "kubectl-" + words[0] }, ct);
                    break;
                }

            case "delete":
                {
                    var kind = await KindAsync(words[1], ct);
                    foreach (string name in words.Skip(2))
                    {
                        await client.TryDeleteAsync(kind, ns, name, new DeleteOptions { Propagation = DeletePropagation.Background }, ct);
                        if (Flag("--wait") == "false") continue;
                        var gone = new KubernetesObject(kind, name, ns);
                        await new ReadinessWaiter(client).WaitUntilDeletedAsync([gone], new WaitOptions { Strategy = WaitStrategy.Legacy, Timeout = TimeSpan.FromMinutes(1) }, ct);
                    }

                    break;
                }

            case "scale":
                await client.PatchAsync(await KindAsync(words[1], ct), ns, words[2],
                    new PatchBody(PatchType.Merge, new JsonObject { ["spec"] = new JsonObject { ["replicas"] = int.Parse(Flag("--replicas")!) } }),
                    new WriteOptions { Subresource = "scale", FieldManager = "kubectl" }, ct);
                break;
            case "set":
                await SetAsync(words, Flag("-c"), ct);
                break;
            case "patch":
                {
                    var type = Flag("--type") switch { "merge" => PatchType.Merge, "json" => PatchType.Json, _ => PatchType.Strategic };
                    await client.PatchAsync(await KindAsync(words[1], ct), ns, words[2], new PatchBody(type, JsonNode.Parse(Flag("-p")!)!), new WriteOptions { FieldManager = "kubectl-patch" }, ct);
                    break;
                }

            case "create":
                await client.CreateAsync(Created(words, flags), new WriteOptions { FieldManager = "kubectl-create" }, ct);
                break;
            case "apply":
                {
                    var o = KubernetesObject.Parse(stdin!);
                    o.Namespace = ns;
                    if (flags.Any(f => f.Flag == "--server-side"))
                    {
                        await client.ApplyAsync(o, new ApplyOptions { FieldManager = Flag("--field-manager") ?? "kubectl", Force = flags.Any(f => f.Flag == "--force-conflicts") }, ct);
                    }
                    else
                    {
                        o.SetAnnotation("kubectl.kubernetes.io/last-applied-configuration", o.ToJson() + "\n");
                        await client.CreateAsync(o, new WriteOptions { FieldManager = "kubectl-client-side-apply" }, ct);
                    }

                    break;
                }

            default:
                throw new NotSupportedException(string.Join(' ', command));
        }
    }

    private async Task SetAsync(List<string> words, string? container, CancellationToken ct)
    {
        var kind = await KindAsync(words[2], ct);
        var live = await client.GetAsync(kind, ns, words[3], ct);
        var changed = live.DeepClone();
        foreach (var c in (JsonArray)changed.Spec!["template"]!["spec"]!["containers"]!)
        {
            string name = c!["name"]!.GetValue<string>();
            if (container is not null && name != container) continue;
            foreach (string pair in words.Skip(4))
            {
                string[] parts = pair.Split('=', 2);
                if (words[1] == "image")
                {
                    if (parts[0] == name) c["image"] = parts[1];
                    continue;
                }

                if (c["env"] is not JsonArray env) c["env"] = env = [];
                if (env.FirstOrDefault(e => e!["name"]!.GetValue<string>() == parts[0]) is { } known) known["value"] = parts[1];
                else env.Add(new JsonObject { ["name"] = parts[0], ["value"] = parts[1] });
            }
        }

        var patch = StrategicMergePatch.TwoWay(live.Json, changed.Json, kind);
        await client.PatchAsync(kind, ns, words[3], new PatchBody(PatchType.Strategic, patch), new WriteOptions { FieldManager = "kubectl-set" }, ct);
    }

    private KubernetesObject Created(List<string> words, List<(string Flag, string Value)> flags)
    {
        var literals = new JsonObject();
        foreach (var (_, value) in flags.Where(f => f.Flag == "--from-literal")) literals[value.Split('=')[0]] = value[(value.IndexOf('=') + 1)..];
        switch (words[1])
        {
            case "configmap":
                {
                    var o = new KubernetesObject(new GroupVersionKind("", "v1", "ConfigMap"), words[2], ns);
                    o.Json["data"] = literals;
                    return o;
                }

            case "secret":
                {
                    var o = new KubernetesObject(new GroupVersionKind("", "v1", "Secret"), words[3], ns);
                    var data = new JsonObject();
                    foreach (var (key, value) in literals) data[key] = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(value!.GetValue<string>()));
                    o.Json["data"] = data;
                    o.Json["type"] = flags.First(f => f.Flag == "--type").Value;
                    return o;
                }

            case "role":
                {
                    var o = new KubernetesObject(new GroupVersionKind("rbac.authorization.k8s.io", "v1", "Role"), words[2], ns);
                    var rules = new JsonArray();
                    foreach (var group in flags.First(f => f.Flag == "--resource").Value.Split(',').Select(r => r.Split('.', 2)).GroupBy(r => r.Length > 1 ? r[1] : ""))
                    {
                        rules.Add(new JsonObject
                        {
                            ["apiGroups"] = new JsonArray(group.Key),
                            ["resources"] = new JsonArray([.. group.Select(r => (JsonNode)r[0])]),
                            ["verbs"] = new JsonArray([.. flags.First(f => f.Flag == "--verb").Value.Split(',').Select(v => (JsonNode)v)]),
                        });
                    }

                    o.Json["rules"] = rules;
                    return o;
                }

            case "rolebinding":
                {
                    var o = new KubernetesObject(new GroupVersionKind("rbac.authorization.k8s.io", "v1", "RoleBinding"), words[2], ns);
                    o.Json["roleRef"] = new JsonObject { ["apiGroup"] = "rbac.authorization.k8s.io", ["kind"] = "Role", ["name"] = flags.First(f => f.Flag == "--role").Value };
                    o.Json["subjects"] = new JsonArray(new JsonObject { ["apiGroup"] = "rbac.authorization.k8s.io", ["kind"] = "User", ["name"] = flags.First(f => f.Flag == "--user").Value });
                    return o;
                }

            case "namespace":
                return new KubernetesObject(new GroupVersionKind("", "v1", "Namespace"), words[2]);
            default:
                throw new NotSupportedException("kubectl create " + words[1]);
        }
    }

    private async Task<GroupVersionKind> KindAsync(string word, CancellationToken ct) =>
        (await client.Discovery.FindByWordAsync(word, ct) ?? throw new InvalidOperationException($"no resource {word}")).Gvk;
}
