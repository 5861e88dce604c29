namespace HelmLifecycle.EmbeddedCluster;

/// <summary>What form of answer a client accepts.</summary>
internal sealed record AcceptedForm(bool Yaml, string As, string Include = "")
{
    public bool IsTable => As == "Table";

    public bool IsPartial => As is "PartialObjectMetadata" or "PartialObjectMetadataList";
}

/// <summary>Content negotiation: JSON and YAML are served; protobuf is refused, so that clients fall back.</summary>
internal static class MediaTypes
{
    private const string Served = "application/json, application/yaml, application/vnd.kubernetes.protobuf";

    public static AcceptedForm Negotiate(string accept, bool transforms = true)
    {
        if (accept.Length == 0)
        {
            return new AcceptedForm(false, "");
        }

        bool sawServed = false;
        foreach (string candidate in accept.Split(','))
        {
            string[] parts = candidate.Split(';', StringSplitOptions.TrimEntries);
            bool json = parts[0] is "application/json" or "*/*" or "application/*";
            bool yaml = parts[0] == "application/yaml";
            if (!json && !yaml)
            {
                continue;
            }

            sawServed = true;
            string form = Parameter(parts, "as");
            if (form.Length == 0)
            {
                return new AcceptedForm(yaml, "");
            }

            bool known = form is "Table" or "PartialObjectMetadata" or "PartialObjectMetadataList" && Parameter(parts, "g") == "meta.k8s.io" && Parameter(parts, "v") is "v1" or "v1beta1";
            if (known && transforms)
            {
                return new AcceptedForm(yaml, form);
            }
        }

        throw sawServed
            ? new ApiError(406, "NotAcceptable", "only the following media types are accepted: " + Served)
            : new ApiError(406, "NotAcceptable", "406: Not Acceptable\n\nAvailable representations: " + Served, []);
    }

    public static string Parameter(string[] parts, string name)
    {
        foreach (string part in parts)
        {
            if (part.StartsWith(name + "=", StringComparison.Ordinal))
            {
                return part[(name.Length + 1)..].Trim('"');
            }
        }

        return "";
    }

    /// <summary>Whether a body is YAML; JSON otherwise.</summary>
    public static bool IsYaml(string contentType)
    {
        string type = Bare(contentType);
        return type switch
        {
            "" or "application/json" => false,
            "application/yaml" => true,
            _ => throw new ApiError(415, "UnsupportedMediaType", "the body of the request was in an unknown format - accepted media types include: " + Served),
        };
    }

    public static string Bare(string contentType) => contentType.Split(';')[0].Trim();
}
