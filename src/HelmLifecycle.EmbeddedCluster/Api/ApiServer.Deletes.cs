using System.Text;
using System.Text.Json.Nodes;
using HelmLifecycle.Templates;

namespace HelmLifecycle.EmbeddedCluster;

internal sealed partial class ApiServer
{
    private DeleteSettings ReadDelete(ApiRequest request, out bool dryRun)
    {
        JsonObject body = [];
        if (request.Body.Length > 0)
        {
            try
            {
                body = (MediaTypes.IsYaml(request.ContentType) ? HelmYaml.ReadJson(Encoding.UTF8.GetString(request.Body.Span)) : GoJson.Parse(request.Body.Span)) as JsonObject ?? [];
            }
            catch (JsonSyntaxException e)
            {
                throw ApiErrors.Internal("couldn't get version/kind; json parse error: " + e.Message);
            }
            catch (YamlException e)
            {
                throw ApiErrors.Internal(YamlText(e));
            }
        }

        string kind = Json.String(body, "kind") ?? "DeleteOptions";
        if (kind != "DeleteOptions")
        {
            throw ApiErrors.Internal($"no kind {GoText.Quote(kind)} is registered for version {GoText.Quote(Json.String(body, "apiVersion") ?? "v1")} in scheme \"pkg/apis/meta/internalversion/scheme/register.go:27\"");
        }

        try
        {
            body = SchemaDecoder.Decode(body, Registry.Kinds.Table("meta").Get("DeleteOptions"));
        }
        catch (SchemaException e)
        {
            throw ApiErrors.BadRequest(e.Message);
        }

        string? policy = Json.String(body, "propagationPolicy");
        bool? orphan = body["orphanDependents"]?.GetValue<bool>();
        if (request.Body.Length == 0 && request.Query.Has("propagationPolicy"))
        {
            policy = request.Query.Get("propagationPolicy");
        }

        if (request.Body.Length == 0 && request.Query.Has("orphanDependents"))
        {
            orphan = request.Query.Flag("orphanDependents");
        }

        long? grace = Json.Long(body, "gracePeriodSeconds") ?? (request.Body.Length == 0 ? request.Query.Number("gracePeriodSeconds") : null);
        var errors = new FieldErrors();
        if (orphan is not null && policy is not null)
        {
            errors.InvalidText("propagationPolicy", policy, "orphanDependents and deletionPropagation cannot be both set");
        }
        else if (policy is not (null or "Foreground" or "Background" or "Orphan"))
        {
            errors.NotSupported("propagationPolicy", GoText.Quote(policy), "Foreground", "Background", "Orphan", "nil");
        }

        string[] dry = [.. request.Query.All("dryRun"), .. Json.StringItems(body, "dryRun")];
        if (dry.Any(d => d != "All"))
        {
            errors.NotSupported("dryRun", GoText.Strings(Json.Strings(dry)), "All");
        }

        if (errors.Any)
        {
            throw errors.ToError("meta.k8s.io", "DeleteOptions", "");
        }

        dryRun = dry.Length > 0;
        policy ??= orphan switch { true => "Orphan", false => "Background", _ => null };
        return new DeleteSettings(policy, grace, Json.String(body, "preconditions", "uid"), Json.String(body, "preconditions", "resourceVersion"));
    }

    private WriteContext DeleteContext(ApiRequest request, RequestPath path, ResourceDefinition resource, ApiUser user, bool dryRun) => new()
    {
        Server = this,
        Resource = resource,
        Version = path.Version,
        Namespace = path.Namespace,
        Caller = new Caller(user.Name, request.UserAgent.Split('/')[0]) { Groups = user.Groups },
        DryRun = dryRun,
    };

    private ApiResponse DeleteResource(ApiRequest request, RequestPath path, ResourceDefinition resource, ApiUser user, AcceptedForm form)
    {
        DeleteSettings settings = ReadDelete(request, out bool dryRun);
        WriteContext context = DeleteContext(request, path, resource, user, dryRun);
        if (settings.Propagation is null && resource.Key == new ResourceKey("batch", "jobs"))
        {
            context.Warnings.Add("child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning");
        }

        DeleteResult result = Delete(context, path.Name, settings);
        if (!result.IsGone || resource.ReturnsDeleted)
        {
            ApiResponse answer = result is { IsGone: false, Stored: { } stored } ? ObjectResponse(resource, path.Version, stored, form, 200) : JsonResponse(resource, path.Version, result.Json, form, 200);
            return WithWarnings(answer, context);
        }

        JsonObject details = ApiErrors.Details(path.Name, resource.Group, resource.Plural);
        details["uid"] = Json.Text(result.Json, "metadata", "uid");
        var status = new JsonObject { ["kind"] = "Status", ["apiVersion"] = "v1", ["metadata"] = new JsonObject(), ["status"] = "Success", ["details"] = details };
        return WithWarnings(Render(status, form with { As = "" }, 200), context);
    }

    private ApiResponse DeleteCollection(ApiRequest request, RequestPath path, ResourceDefinition resource, ApiUser user, AcceptedForm form)
    {
        DeleteSettings settings = ReadDelete(request, out bool dryRun);
        WriteContext context = DeleteContext(request, path, resource, user, dryRun);
        LabelSelector labels = LabelSelector.Parse(request.Query.Get("labelSelector"));
        FieldSelector fields = FieldSelector.Parse(request.Query.Get("fieldSelector"), resource);
        lock (Store.WriteLock)
        {
            List<StoredObject> selected = Select(Store.Snapshot(resource.Store).Values, path.Namespace, labels, fields, resource);
            ApiResponse list = ListResponse(resource, path.Version, selected, Store.Revision, null, null, form);
            foreach (StoredObject stored in selected)
            {
                try
                {
                    Delete(context, stored.Name, settings);
                }
                catch (ApiError e) when (e.IsNotFound)
                {
                    continue; // deleted by what an earlier deletion set off
                }
            }

            return list;
        }
    }
}
