using System.Text.Json.Nodes;

namespace HelmLifecycle.Kubernetes.Tests.Patching;

public sealed class RecordedPatchTests
{
    public static TheoryData<string> Helm3 => Recorded.Ids("patches.jsonl");

    public static TheoryData<string> Scenarios => Recorded.Ids("lifecycle-patches.jsonl");

    /// <summary>Patched kinds that keep what is sent: answers of the others hold defaulted and normalised values.</summary>
    public static TheoryData<string> Applied
    {
        get
        {
            var ids = new TheoryData<string>();
            foreach (JsonObject line in Recorded.Lines("patches.jsonl"))
                if (line["patch"] is JsonObject && (int)line["status"]! == 200 && (string)line["new"]!["kind"]! is "ConfigMap" or "Role" or "RoleBinding" or "Widget")
                    ids.Add((string)line["id"]!);
            return ids;
        }
    }

    public static TheoryData<string> Helm4Migrations
    {
        get
        {
            var ids = new TheoryData<string>();
            foreach (JsonObject line in Recorded.Lines("patches-helm4.jsonl"))
                if ((string)line["contentType"]! == "application/json-patch+json") ids.Add((string)line["id"]!);
            return ids;
        }
    }

    [Theory]
    [MemberData(nameof(Helm3))]
    public void The_patch_is_the_one_that_Helm_3_sent(string id)
    {
        JsonObject recorded = Recorded.Line("patches.jsonl", id);
        var (old, target, live) = ((JsonObject)recorded["old"]!, (JsonObject)recorded["new"]!, (JsonObject)recorded["live"]!);
        GroupVersionKind gvk = new KubernetesObject(target).Gvk;

        bool strategic = StrategicMergePatch.IsSupported(new KubernetesObject(target));
        JsonObject patch = strategic ? StrategicMergePatch.ThreeWay(old, target, live, gvk) : JsonMergePatch.Create(old, target);

        if (recorded["patch"] is null) patch.Count.Should().Be(0);
        else
        {
            ((string)recorded["contentType"]!).Should().Be(new PatchBody(strategic ? PatchType.Strategic : PatchType.Merge, patch).ContentType);
            patch.ShouldEqual(recorded["patch"], (string)recorded["note"]!);
        }
    }

    /// <summary>Patches of whole scenarios: the manifests stand in the releases' records, the live object in the listing of the step before.</summary>
    [Theory]
    [MemberData(nameof(Scenarios))]
    public void The_patch_in_a_scenario_is_the_one_that_Helm_3_sent(string id)
    {
        JsonObject recorded = Recorded.Line("lifecycle-patches.jsonl", id);
        var (old, target, live) = ((JsonObject)recorded["old"]!, (JsonObject)recorded["new"]!, (JsonObject)recorded["live"]!);
        GroupVersionKind gvk = new KubernetesObject(target).Gvk;
        JsonObject patch = StrategicMergePatch.IsSupported(new KubernetesObject(target)) ? StrategicMergePatch.ThreeWay(old, target, live, gvk) : JsonMergePatch.Create(old, target);
        patch.ShouldEqual(recorded["patch"], id);
    }

    [Theory]
    [MemberData(nameof(Applied))]
    public void Applying_the_patch_gives_what_the_server_had_afterwards(string id)
    {
        JsonObject recorded = Recorded.Line("patches.jsonl", id);
        var live = (JsonObject)recorded["live"]!;
        var patch = (JsonObject)recorded["patch"]!;
        GroupVersionKind gvk = new KubernetesObject(live).Gvk;
        JsonNode result = StrategicMergePatch.IsSupported(gvk) ? StrategicMergePatch.Apply(live, patch, gvk) : JsonMergePatch.Apply(live, patch)!;

        foreach (string field in new[] { "data", "rules", "subjects", "spec" }) result[field].ShouldEqual(recorded["after"]![field], id);
    }

    [Theory]
    [MemberData(nameof(Helm4Migrations))]
    public void Ownership_is_migrated_with_the_patch_of_Helm_4(string id)
    {
        JsonObject recorded = Recorded.Line("patches-helm4.jsonl", id);
        var live = new KubernetesObject((JsonObject)recorded["live"]!.DeepClone()) { ResourceVersion = "<rv>" };
        var managed = (JsonArray)recorded["managedFieldsBefore"]!.DeepClone();
        foreach (JsonObject entry in managed.OfType<JsonObject>())
        {
            entry["apiVersion"] = "v1";
            entry["time"] = "<time>";
            entry["fieldsType"] = "FieldsV1";
        }
        live.Metadata!["managedFields"] = managed;

        ManagedFieldsMigration.CreatePatch(live, "helm").ShouldEqual(recorded["body"]);
    }
}
