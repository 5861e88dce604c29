using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>Names, labels and the rest of <c>metadata</c>, with the API's texts.</summary>
internal static partial class MetadataRules
{
    private const string SubdomainText = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
    private const string LabelText = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
    private const string Label1035Text = "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";
    private const string NamePartText = "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
    private const string LabelValueText = "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
    private const int MaxAnnotationBytes = 256 * 1024;

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Subdomain();

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Label();

    [GeneratedRegex(@"^[a-z]([-a-z0-9]*[a-z0-9])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Label1035();

    [GeneratedRegex(@"^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]\z", RegexOptions.CultureInvariant)]
    private static partial Regex QualifiedPart();

    public static IEnumerable<string> SubdomainErrors(string value)
    {
        if (value.Length > 253)
        {
            yield return "must be no more than 253 characters";
        }

        if (!Subdomain().IsMatch(value))
        {
            yield return SubdomainText;
        }
    }

    public static IEnumerable<string> LabelErrors(string value)
    {
        if (value.Length > 63)
        {
            yield return "must be no more than 63 characters";
        }

        if (!Label().IsMatch(value))
        {
            yield return Subdomain().IsMatch(value) ? "must not contain dots" : LabelText;
        }
    }

    public static IEnumerable<string> Label1035Errors(string value)
    {
        if (value.Length > 63)
        {
            yield return "must be no more than 63 characters";
        }

        if (!Label1035().IsMatch(value))
        {
            yield return Label1035Text;
        }
    }

    public static IEnumerable<string> PathSegmentErrors(string value)
    {
        if (value is "." or "..")
        {
            yield return "may not be '" + value + "'";
            yield break;
        }

        foreach (string bad in new[] { "/", "%" })
        {
            if (value.Contains(bad, StringComparison.Ordinal))
            {
                yield return "may not contain '" + bad + "'";
            }
        }
    }

    public static IEnumerable<string> NameErrors(NameRule rule, string value) => rule switch
    {
        NameRule.Label => LabelErrors(value),
        NameRule.Label1035 => Label1035Errors(value),
        NameRule.PathSegment => PathSegmentErrors(value),
        _ => SubdomainErrors(value),
    };

    /// <summary>Errors of a qualified name such as a label key.</summary>
    public static IEnumerable<string> QualifiedNameErrors(string value)
    {
        string[] parts = value.Split('/');
        string name = parts[^1];
        if (parts.Length > 2)
        {
            yield return "a qualified name must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')";
            yield break;
        }

        if (parts.Length == 2)
        {
            if (parts[0].Length == 0)
            {
                yield return "prefix part must be non-empty";
            }
            else
            {
                foreach (string error in SubdomainErrors(parts[0]))
                {
                    yield return "prefix part " + error;
                }
            }
        }

        if (name.Length == 0)
        {
            yield return "name part must be non-empty";
        }
        else if (name.Length > 63)
        {
            yield return "name part must be no more than 63 characters";
        }

        if (!QualifiedPart().IsMatch(name))
        {
            yield return NamePartText;
        }
    }

    public static IEnumerable<string> LabelValueErrors(string value)
    {
        if (value.Length > 63)
        {
            yield return "must be no more than 63 characters";
        }

        if (value.Length > 0 && !QualifiedPart().IsMatch(value))
        {
            yield return LabelValueText;
        }
    }

    public static void CheckLabels(JsonNode? labels, string path, FieldErrors errors)
    {
        foreach ((string key, JsonNode? value) in labels as JsonObject ?? [])
        {
            foreach (string error in QualifiedNameErrors(key))
            {
                errors.InvalidText(path, key, error);
            }

            foreach (string error in LabelValueErrors((string?)value ?? ""))
            {
                errors.InvalidText(path, (string?)value ?? "", error);
            }
        }
    }

    public static void CheckAnnotations(JsonNode? annotations, string path, FieldErrors errors)
    {
        long size = 0;
        foreach ((string key, JsonNode? value) in annotations as JsonObject ?? [])
        {
            foreach (string error in QualifiedNameErrors(key.ToLowerInvariant()))
            {
                errors.InvalidText(path, key, error);
            }

            size += System.Text.Encoding.UTF8.GetByteCount(key) + System.Text.Encoding.UTF8.GetByteCount((string?)value ?? "");
        }

        if (size > MaxAnnotationBytes)
        {
            errors.TooLong(path, MaxAnnotationBytes);
        }
    }

    /// <summary>All of metadata, on create.</summary>
    public static void Check(JsonObject json, ResourceDefinition resource, FieldErrors errors)
    {
        JsonObject metadata = Json.Meta(json);
        string generate = Json.Text(metadata, "generateName");
        string name = Json.Text(metadata, "name");
        if (generate.Length > 0)
        {
            string probe = generate.EndsWith('-') ? generate[..^1] + "a" : generate;
            foreach (string error in NameErrors(resource.NameRule, probe))
            {
                errors.InvalidText("metadata.generateName", generate, error);
            }
        }

        if (name.Length == 0)
        {
            errors.Required("metadata.name", "name or generateName is required");
        }
        else
        {
            foreach (string error in NameErrors(resource.NameRule, name))
            {
                errors.InvalidText("metadata.name", name, error);
            }
        }

        CheckCommon(metadata, errors);
    }

    private static void CheckCommon(JsonObject metadata, FieldErrors errors)
    {
        long generation = Json.Long(metadata, "generation") ?? 0;
        if (generation < 0)
        {
            errors.Invalid("metadata.generation", Json.Number(generation), "must be greater than or equal to 0");
        }

        CheckLabels(metadata["labels"], "metadata.labels", errors);
        CheckAnnotations(metadata["annotations"], "metadata.annotations", errors);
        CheckOwners(metadata, errors);
        int index = 0;
        foreach (string finalizer in Json.StringItems(metadata, "finalizers"))
        {
            foreach (string error in QualifiedNameErrors(finalizer))
            {
                errors.InvalidText("metadata.finalizers", finalizer, error);
            }

            if (!finalizer.Contains('/', StringComparison.Ordinal) && finalizer is not ("orphan" or "foregroundDeletion" or "kubernetes" or "customresourcecleanup.apiextensions.k8s.io"))
            {
                errors.InvalidText("metadata.finalizers[" + Json.Number(index) + "]", finalizer, "name is neither a standard finalizer name nor is it fully qualified");
            }

            index++;
        }

        string[] finalizers = [.. Json.StringItems(metadata, "finalizers")];
        if (finalizers.Contains("orphan") && finalizers.Contains("foregroundDeletion"))
        {
            errors.Invalid("metadata.finalizers", GoText.Strings(metadata["finalizers"]), "finalizer orphan and foregroundDeletion cannot be both set");
        }
    }

    private static void CheckOwners(JsonObject metadata, FieldErrors errors)
    {
        JsonObject? controller = null;
        int index = 0;
        foreach (JsonObject owner in Json.Objects(metadata, "ownerReferences"))
        {
            string path = "metadata.ownerReferences[" + Json.Number(index++) + "]";
            string version = Json.Text(owner, "apiVersion");
            string[] parts = version.Split('/');
            if (parts.Length > 2 || version.Length == 0)
            {
                errors.InvalidText(path + ".apiVersion", version, "version must not be empty");
            }

            foreach (string field in new[] { "kind", "name", "uid" })
            {
                if (Json.Text(owner, field).Length == 0)
                {
                    errors.InvalidText(path + "." + field, "", field + " must not be empty");
                }
            }

            if (!Json.Bool(owner, "controller"))
            {
                continue;
            }

            if (controller is not null)
            {
                errors.Invalid("metadata.ownerReferences", OwnersText(metadata), $"Only one reference can have Controller set to true. Found \"true\" in references for {Json.Text(controller, "kind")}/{Json.Text(controller, "name")} and {Json.Text(owner, "kind")}/{Json.Text(owner, "name")}");
            }

            controller ??= owner;
        }
    }

    private static string OwnersText(JsonObject metadata) =>
        "[]v1.OwnerReference{" + string.Join(", ", Json.Objects(metadata, "ownerReferences").Select(o => "v1.OwnerReference{APIVersion:" + GoText.Quote(Json.Text(o, "apiVersion")) + ", Kind:" + GoText.Quote(Json.Text(o, "kind")) + ", Name:" + GoText.Quote(Json.Text(o, "name")) + "}")) + "}";

    /// <summary>What an update may not change, then the rest of metadata.</summary>
    public static void CheckUpdate(JsonObject json, JsonObject old, FieldErrors errors)
    {
        JsonObject metadata = Json.Meta(json);
        JsonObject before = Json.Meta(old);
        foreach (string field in new[] { "name", "namespace", "uid" })
        {
            string value = Json.Text(metadata, field);
            if (value != Json.Text(before, field))
            {
                errors.InvalidText("metadata." + field, value, "field is immutable");
            }
        }

        long generation = Json.Long(metadata, "generation") ?? 0;
        long was = Json.Long(before, "generation") ?? 0;
        if (generation < was)
        {
            errors.Invalid("metadata.generation", Json.Number(generation), "must not be decremented");
        }

        if (before["deletionTimestamp"] is not null)
        {
            string[] known = [.. Json.StringItems(before, "finalizers")];
            string[] added = [.. Json.StringItems(metadata, "finalizers").Where(f => !known.Contains(f)).Order(StringComparer.Ordinal)];
            if (added.Length > 0)
            {
                errors.Forbidden("metadata.finalizers", "no new finalizers can be added if the object is being deleted, found new finalizers " + GoText.Strings(Json.Strings(added)));
            }
        }

        CheckCommon(metadata, errors);
    }
}
