using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

internal sealed partial class ApiServer
{
    private async ValueTask<ApiResponse> HandleSubresourceAsync(ApiRequest request, RequestPath path, ResourceDefinition resource, ApiUser user, string verb, CancellationToken cancellationToken)
    {
        SubresourceDefinition subresource = resource.Subresources.FirstOrDefault(s => s.Name == path.Subresource) ?? throw ApiErrors.NoSuchResource();
        if (path.Rest.Length > 0 && subresource.Name != "proxy")
        {
            throw ApiErrors.NoSuchResource();
        }

        if (!subresource.Verbs.Contains(verb))
        {
            throw ApiErrors.MethodNotAllowed();
        }

        switch (subresource.Name)
        {
            case "scale":
                return ScaleSubresource.Handle(this, request, path, resource, user, verb);
            case "log":
                return PodSubresources.Log(this, request, path);
            case "binding" or "eviction":
                {
                    MediaTypes.IsYaml(request.ContentType);
                    WriteContext context = Context(request, path, resource, user, "CreateOptions", subresource.Name);
                    JsonObject body = ReadBody(request, subresource.Kind, []);
                    return subresource.Name == "binding" ? PodSubresources.Bind(this, context, body, path.Name) : PodSubresources.Evict(this, context, body, path.Name);
                }

            case "token":
                {
                    WriteContext context = Context(request, path, resource, user, "CreateOptions", subresource.Name);
                    return Reviews.Token(this, context, ReadBody(request, subresource.Kind, []), path.Name);
                }

            case "proxy" when Network is { } network && resource.Key is ("", "pods") or ("", "services"):
                return ProxySubresource.Answer(Store, network, request, path, resource.Key);

            case "exec" or "attach" or "portforward" or "proxy":
                if (Store.Get(resource.Store, path.Namespace, path.Name) is null)
                {
                    throw ApiErrors.NotFound(resource.Key, path.Name);
                }

                throw subresource.Name == "proxy"
                    ? new ApiError(503, "ServiceUnavailable", "the embedded cluster runs no containers: nothing to connect to")
                    : request.IsUpgrade ? new ApiError(500, "InternalError", "the embedded cluster runs no containers: nothing to connect to") : ApiErrors.BadRequest("Upgrade request required");
        }

        AcceptedForm form = MediaTypes.Negotiate(request.Accept) with { Include = request.Query.Get("includeObject") };
        switch (verb)
        {
            case "get":
                return await GetAsync(request, path, resource, form, cancellationToken).ConfigureAwait(false);
            case "update" when subresource.Name == "finalize":
                return NamespaceFinalize(request, path, resource, user, form);
            case "update":
                return PutResource(request, path, resource, user, form, subresource.Name);
            default:
                return PatchResource(request, path, resource, user, form, subresource.Name);
        }
    }

    /// <summary>The only way to change a namespace's own finalizers; the last one taken away ends the namespace.</summary>
    private ApiResponse NamespaceFinalize(ApiRequest request, RequestPath path, ResourceDefinition resource, ApiUser user, AcceptedForm form)
    {
        WriteContext context = Context(request, path, resource, user, "UpdateOptions", "finalize");
        JsonObject json = DecodeBody(context, ReadBody(request, resource.Kind, []));
        return Answer(context, resource, Update(context, path.Name, new UpdateSource(live => KeepAllButFinalizers(live!, json), true)), form, 200);
    }

    private static JsonObject KeepAllButFinalizers(JsonObject live, JsonObject given)
    {
        JsonNode? finalizers = Json.Get(given, "spec", "finalizers")?.DeepClone();
        JsonObject spec = Json.Ensure(live, "spec");
        spec.Remove("finalizers");
        if (!Json.IsEmpty(finalizers))
        {
            spec["finalizers"] = finalizers;
        }

        Json.Meta(live)["resourceVersion"] = Json.Get(given, "metadata", "resourceVersion")?.DeepClone();
        return live;
    }

    /// <summary>Sets a namespace's own finalizers, for the controller that empties it.</summary>
    public void FinalizeNamespace(string name, Caller caller)
    {
        WriteContext context = Context(new ResourceKey("", "namespaces"), null, caller, "finalize");
        Update(context, name, new UpdateSource(live => KeepAllButFinalizers(live!, []), false));
    }

    /// <summary>Reads the body of a scale or similar request and its write context.</summary>
    internal (WriteContext Context, JsonObject Body) ReadWrite(ApiRequest request, RequestPath path, ResourceDefinition resource, ApiUser user, string kind, string options, string subresource)
    {
        MediaTypes.IsYaml(request.ContentType);
        return (Context(request, path, resource, user, options, subresource), ReadBody(request, kind, []));
    }

    internal WriteContext PatchContext(ApiRequest request, RequestPath path, ResourceDefinition resource, ApiUser user, string subresource) => Context(request, path, resource, user, "PatchOptions", subresource);
}
