namespace HelmLifecycle.EmbeddedCluster;

internal sealed partial class ApiServer
{
    private static readonly TimeSpan s_minWatch = TimeSpan.FromMinutes(30);

    private ValueTask<ApiResponse> StartWatchAsync(ApiRequest request, RequestPath path, ResourceDefinition resource, AcceptedForm form, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (request.Method != "GET")
        {
            throw ApiErrors.MethodNotAllowed();
        }

        QueryValues query = request.Query;
        CheckWatchOptions(query);
        LabelSelector labels = LabelSelector.Parse(query.Get("labelSelector"));
        FieldSelector fields = FieldSelector.Parse(query.Get("fieldSelector"), resource);
        string version = query.Get("resourceVersion");
        long? from = version is "" or "0" ? null : ParseQueryVersion(version);
        long? seconds = query.Number("timeoutSeconds");
        TimeSpan timeout = seconds is > 0 ? TimeSpan.FromSeconds(Math.Min(seconds.Value, 86_400)) : s_minWatch + TimeSpan.FromSeconds(NextRandom(1800));
        var stream = new WatchStream(this, resource, path.Version, path.Namespace, path.Name.Length == 0 ? null : path.Name, labels, fields, form);
        stream.Start(from, timeout, seconds is > 0, query.Flag("allowWatchBookmarks"));
        string type = form.As.Length == 0 ? "application/json" : "application/json;as=" + form.As + ";v=v1;g=meta.k8s.io";
        return ValueTask.FromResult(new ApiResponse { ContentType = type == "application/json" ? type : type + ";stream=watch", Watch = stream });
    }

    private static void CheckWatchOptions(QueryValues query)
    {
        var errors = new FieldErrors();
        string match = query.Get("resourceVersionMatch");
        if (query.Has("sendInitialEvents"))
        {
            errors.Forbidden("sendInitialEvents", "sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled");
        }
        else if (match.Length > 0)
        {
            errors.Forbidden("resourceVersionMatch", "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided");
            if (match != "NotOlderThan")
            {
                errors.NotSupported("resourceVersionMatch", GoText.Quote(match), "NotOlderThan");
            }
        }

        if (errors.Any)
        {
            throw errors.ToError("meta.k8s.io", "ListOptions", "");
        }
    }
}
