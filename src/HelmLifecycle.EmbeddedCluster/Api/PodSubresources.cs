using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>Logs, binding and eviction of pods.</summary>
internal static class PodSubresources
{
    private static readonly ResourceKey s_pods = new("", "pods");

    public static ApiResponse Log(ApiServer server, ApiRequest request, RequestPath path)
    {
        StoredObject stored = server.Store.Get(s_pods, path.Namespace, path.Name) ?? throw ApiErrors.NotFound(s_pods, path.Name);
        QueryValues query = request.Query;
        var errors = new FieldErrors();
        foreach (string option in new[] { "tailLines", "limitBytes" })
        {
            long? number = query.Number(option);
            long least = option == "limitBytes" ? 1 : 0;
            if (number < least)
            {
                errors.Invalid(option, Json.Number(number.Value), least == 0 ? "must be greater than or equal to 0" : "must be greater than 0");
            }
        }

        if (query.Has("sinceSeconds") && query.Number("sinceSeconds") is < 1 and { } since)
        {
            errors.Invalid("sinceSeconds", Json.Number(since), "must be greater than 0");
        }

        if (errors.Any)
        {
            throw errors.ToError("", "PodLogOptions", path.Name);
        }

        JsonObject pod = stored.View;
        string[] containers = [.. Json.Objects(pod, "spec", "containers").Select(c => Json.Text(c, "name"))];
        string[] initial = [.. Json.Objects(pod, "spec", "initContainers").Select(c => Json.Text(c, "name"))];
        string container = query.Get("container");
        if (container.Length == 0)
        {
            string standard = Json.Text(pod, "metadata", "annotations", "kubectl.kubernetes.io/default-container");
            if (containers.Length + initial.Length > 1 && !containers.Contains(standard))
            {
                string inits = initial.Length == 0 ? "" : $" or one of the init containers: [{string.Join(' ', initial)}]";
                throw ApiErrors.BadRequest($"a container name must be specified for pod {path.Name}, choose one of: [{string.Join(' ', containers)}]{inits}");
            }

            container = containers.Contains(standard) ? standard : containers[0];
        }
        else if (!containers.Contains(container) && !initial.Contains(container))
        {
            throw ApiErrors.BadRequest($"container {container} is not valid for pod {path.Name}");
        }

        if (Json.Text(pod, "spec", "nodeName").Length == 0)
        {
            return new ApiResponse { Status = 204 };
        }

        string text = server.PodLogs?.Invoke(pod, container, query.Flag("previous")) ?? Json.Text(pod, "metadata", "annotations", "fake-kubelet/logs");
        if (text.Length > 0 && !text.EndsWith('\n'))
        {
            text += "\n";
        }

        return ApiResponse.Text(text, 200, "text/plain");
    }

    /// <summary>Assigns a pod to a node, as the scheduler does.</summary>
    public static ApiResponse Bind(ApiServer server, WriteContext context, JsonObject body, string name)
    {
        string node = Json.Text(body, "target", "name");
        var errors = new FieldErrors();
        if (Json.Text(body, "target", "kind") is not ("" or "Node"))
        {
            errors.NotSupported("target.kind", GoText.Quote(Json.Text(body, "target", "kind")), "Node", "<empty>");
        }

        if (node.Length == 0)
        {
            errors.Required("target.name");
        }

        if (errors.Any)
        {
            throw errors.ToError("", "Binding", name);
        }

        IClusterApi api = server;
        lock (server.Store.WriteLock)
        {
            JsonObject pod = api.TryGet(s_pods, context.Namespace, name) ?? throw ApiErrors.NotFound(s_pods, name, context.Subresource ?? "binding");
            if (Json.Text(pod, "metadata", "deletionTimestamp").Length > 0)
            {
                throw ApiErrors.Conflict(new ResourceKey("", "pods/binding"), name, $"pod {name} is being deleted, cannot be assigned to a host");
            }

            string bound = Json.Text(pod, "spec", "nodeName");
            if (bound.Length > 0)
            {
                throw ApiErrors.Conflict(new ResourceKey("", "pods/binding"), name, $"pod {name} is already assigned to node {GoText.Quote(bound)}");
            }

            api.Modify(s_pods, context.Namespace, name, p => Assign(server, p, node), context.Caller, "binding");
        }

        return ApiResponse.Json(new JsonObject { ["kind"] = "Status", ["apiVersion"] = "v1", ["metadata"] = new JsonObject(), ["status"] = "Success", ["code"] = 201L }, 201);
    }

    private static bool Assign(ApiServer server, JsonObject pod, string node)
    {
        Json.Ensure(pod, "spec")["nodeName"] = node;
        JsonObject status = Json.Ensure(pod, "status");
        if (status["conditions"] is not JsonArray conditions)
        {
            conditions = [];
            status["conditions"] = conditions;
        }

        JsonObject? scheduled = conditions.OfType<JsonObject>().FirstOrDefault(c => Json.Text(c, "type") == "PodScheduled");
        if (scheduled is null)
        {
            scheduled = new JsonObject { ["type"] = "PodScheduled" };
            conditions.Add((JsonNode)scheduled);
        }

        scheduled["status"] = "True";
        scheduled["lastProbeTime"] = null;
        scheduled["lastTransitionTime"] = server.Clock.Stamp;
        scheduled.Remove("reason");
        scheduled.Remove("message");
        return true;
    }

    public static ApiResponse Evict(ApiServer server, WriteContext context, JsonObject body, string name)
    {
        string given = Json.Text(body, "metadata", "name");
        if (given.Length > 0 && given != name)
        {
            throw ApiErrors.BadRequest("name in URL does not match name in Eviction object");
        }

        IClusterApi api = server;
        lock (server.Store.WriteLock)
        {
            JsonObject pod = api.TryGet(s_pods, context.Namespace, name) ?? throw ApiErrors.NotFound(s_pods, name);
            bool running = Json.Text(pod, "status", "phase") is not ("Succeeded" or "Failed") && Json.Text(pod, "metadata", "deletionTimestamp").Length == 0;
            var budgetKey = new ResourceKey("policy", "poddisruptionbudgets");
            StoredObject[] budgets =
            [
                .. server.Store.List(budgetKey, context.Namespace)
                    .Where(b => Json.Object(b.View, "spec", "selector") is { } s && LabelSelector.From(s).Matches(Json.Get(pod, "metadata", "labels"))),
            ];
            if (budgets.Length > 1 && running)
            {
                throw ApiErrors.Internal("This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.");
            }

            if (budgets.Length == 1 && running && Json.Text(pod, "status", "phase") != "Pending")
            {
                Spend(server, context, budgets[0], name);
            }

            var settings = new DeleteSettings(Json.String(body, "deleteOptions", "propagationPolicy"), Json.Long(body, "deleteOptions", "gracePeriodSeconds"), Json.String(body, "deleteOptions", "preconditions", "uid"));
            if (!context.DryRun)
            {
                api.Delete(s_pods, context.Namespace, name, settings, context.Caller);
            }
        }

        return ApiResponse.Json(new JsonObject { ["kind"] = "Status", ["apiVersion"] = "v1", ["metadata"] = new JsonObject(), ["status"] = "Success", ["code"] = 201L }, 201);
    }

    private static void Spend(ApiServer server, WriteContext context, StoredObject budget, string pod)
    {
        JsonObject view = budget.View;
        long allowed = Json.Long(view, "status", "disruptionsAllowed") ?? 0;
        if ((Json.Long(view, "status", "observedGeneration") ?? 0) < (Json.Long(view, "metadata", "generation") ?? 0))
        {
            throw new ApiError(429, "TooManyRequests", "Cannot evict pod as it would violate the pod's disruption budget.", new JsonObject
            {
                ["causes"] = new JsonArray { (JsonNode)new JsonObject { ["reason"] = "DisruptionBudget", ["message"] = $"The disruption budget {budget.Name} is still being processed by the server." } },
                ["retryAfterSeconds"] = 10L,
            });
        }

        if (allowed <= 0)
        {
            long desired = Json.Long(view, "status", "desiredHealthy") ?? 0;
            long current = Json.Long(view, "status", "currentHealthy") ?? 0;
            throw new ApiError(429, "TooManyRequests", "Cannot evict pod as it would violate the pod's disruption budget.", new JsonObject
            {
                ["causes"] = new JsonArray { (JsonNode)new JsonObject { ["reason"] = "DisruptionBudget", ["message"] = $"The disruption budget {budget.Name} needs {desired} healthy pods and has {current} currently" } },
            });
        }

        if (!context.DryRun)
        {
            ((IClusterApi)server).Modify(new ResourceKey("policy", "poddisruptionbudgets"), context.Namespace, budget.Name, b =>
            {
                JsonObject status = Json.Ensure(b, "status");
                status["disruptionsAllowed"] = allowed - 1;
                Json.Ensure(status, "disruptedPods")[pod] = server.Clock.Stamp;
                return true;
            }, context.Caller, "status");
        }
    }
}
