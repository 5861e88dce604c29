using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

internal sealed partial class ApiServer
{
    private const string ContinueExpired = "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.";

    private static List<StoredObject> Select(IEnumerable<StoredObject> objects, string? ns, LabelSelector labels, FieldSelector fields, ResourceDefinition resource)
    {
        var result = new List<StoredObject>();
        foreach (StoredObject stored in objects)
        {
            if ((string.IsNullOrEmpty(ns) || stored.Namespace == ns) && Matches(stored, labels, fields, resource))
            {
                result.Add(stored);
            }
        }

        return result;
    }

    internal static bool Matches(StoredObject stored, LabelSelector labels, FieldSelector fields, ResourceDefinition resource) =>
        (labels.IsEmpty || labels.Matches(stored.Labels)) && (fields.IsEmpty || fields.Matches(stored.View, resource));

    private async ValueTask<ApiResponse> ListAsync(ApiRequest request, RequestPath path, ResourceDefinition resource, AcceptedForm form, CancellationToken cancellationToken)
    {
        QueryValues query = request.Query;
        long limit = query.Number("limit") ?? 0;
        _ = query.Number("timeoutSeconds");
        string token = query.Get("continue");
        string versionText = query.Get("resourceVersion");
        string match = query.Get("resourceVersionMatch");
        CheckListOptions(query, versionText, match, token);
        LabelSelector labels = LabelSelector.Parse(query.Get("labelSelector"));
        FieldSelector fields = FieldSelector.Parse(query.Get("fieldSelector"), resource);
        if (token.Length > 0)
        {
            return ContinueList(resource, path, labels, fields, limit, token, versionText, form);
        }

        long version = versionText.Length == 0 ? 0 : ParseQueryVersion(versionText);
        await WaitForVersionAsync(request, version, cancellationToken).ConfigureAwait(false);
        bool exact = version > 0 && (match == "Exact" || (match.Length == 0 && limit > 0));
        ImmutableSortedDictionary<string, StoredObject> snapshot;
        long revision;
        lock (Store.WriteLock)
        {
            revision = exact ? version : Store.Revision;
            snapshot = exact
                ? Store.SnapshotAt(resource.Store, version) ?? throw new ApiError(410, "Expired", $"The resourceVersion for the provided list is too old.")
                : Store.Snapshot(resource.Store);
        }

        if (versionText == "0")
        {
            limit = 0; // answered from the cache, which does not page
        }

        return Page(resource, path, snapshot.Values, revision, labels, fields, limit, form);
    }

    private static void CheckListOptions(QueryValues query, string version, string match, string token)
    {
        var errors = new FieldErrors();
        if (match.Length > 0)
        {
            if (version.Length == 0)
            {
                errors.Forbidden("resourceVersionMatch", "resourceVersionMatch is forbidden unless resourceVersion is provided");
            }

            if (token.Length > 0)
            {
                errors.Forbidden("resourceVersionMatch", "resourceVersionMatch is forbidden when continue is provided");
            }

            if (match is not ("Exact" or "NotOlderThan"))
            {
                errors.NotSupported("resourceVersionMatch", GoText.Quote(match), "Exact", "NotOlderThan", "");
            }

            if (match == "Exact" && version == "0")
            {
                errors.Forbidden("resourceVersionMatch", "resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\"");
            }
        }

        if (query.Has("sendInitialEvents"))
        {
            errors.Forbidden("sendInitialEvents", "sendInitialEvents is forbidden for list");
        }

        if (errors.Any)
        {
            throw errors.ToError("meta.k8s.io", "ListOptions", "");
        }
    }

    private ApiResponse Page(ResourceDefinition resource, RequestPath path, IEnumerable<StoredObject> objects, long revision, LabelSelector labels, FieldSelector fields, long limit, AcceptedForm form)
    {
        List<StoredObject> selected = Select(objects, path.Namespace, labels, fields, resource);
        if (limit <= 0 || selected.Count <= limit)
        {
            return ListResponse(resource, path.Version, selected, revision, null, null, form);
        }

        List<StoredObject> page = selected.GetRange(0, (int)limit);
        string token = ContinueToken(revision, page[^1].StoreKey);
        long? remaining = labels.IsEmpty && fields.IsEmpty ? selected.Count - limit : null;
        return ListResponse(resource, path.Version, page, revision, token, remaining, form);
    }

    private static string ContinueToken(long revision, string after)
    {
        var json = new JsonObject { ["v"] = "meta.k8s.io/v1", ["rv"] = revision, ["start"] = after + "\u0000" };
        return Convert.ToBase64String(Encoding.UTF8.GetBytes(json.ToJsonString())).TrimEnd('=').Replace('+', '-').Replace('/', '_');
    }

    private ApiResponse ContinueList(ResourceDefinition resource, RequestPath path, LabelSelector labels, FieldSelector fields, long limit, string token, string version, AcceptedForm form)
    {
        if (version.Length > 0 && version != "0")
        {
            throw ApiErrors.BadRequest("specifying resource version is not allowed when using continue");
        }

        (long revision, string start) = ReadToken(token);
        ImmutableSortedDictionary<string, StoredObject>? snapshot;
        lock (Store.WriteLock)
        {
            snapshot = revision < 0 ? Store.Snapshot(resource.Store) : Store.SnapshotAt(resource.Store, revision);
            if (revision < 0)
            {
                revision = Store.Revision;
            }
        }

        if (snapshot is null)
        {
            var expired = new ApiError(410, "Expired", ContinueExpired);
            JsonObject status = expired.ToStatus();
            status["metadata"] = new JsonObject { ["continue"] = ContinueToken(-1, start.TrimEnd('\0')) };
            return ApiResponse.Json(status, 410);
        }

        return Page(resource, path, snapshot.Values.Where(o => string.CompareOrdinal(o.StoreKey, start) >= 0), revision, labels, fields, limit, form);
    }

    private static (long Revision, string Start) ReadToken(string token)
    {
        byte[] bytes;
        try
        {
            string padded = token.Replace('-', '+').Replace('_', '/');
            bytes = Convert.FromBase64String(padded.PadRight((padded.Length + 3) / 4 * 4, '='));
        }
        catch (FormatException)
        {
            throw ApiErrors.BadRequest("continue key is not valid: illegal base64 data at input byte " + Json.Number(token.TakeWhile(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_').Count()));
        }

        try
        {
            if (GoJson.Parse(Encoding.Latin1.GetString(bytes)) is JsonObject json && Json.String(json, "start") is { } start && Json.Text(json, "v") == "meta.k8s.io/v1")
            {
                return (Json.Long(json, "rv") ?? 0, start);
            }
        }
        catch (JsonSyntaxException e)
        {
            throw ApiErrors.BadRequest("invalid continue token: continue key is not valid: " + e.Message);
        }

        throw ApiErrors.BadRequest("invalid continue token: continue key is not valid: server does not recognize this encoded version \"\"");
    }

    private ApiResponse ListResponse(ResourceDefinition resource, string version, List<StoredObject> items, long revision, string? token, long? remaining, AcceptedForm form)
    {
        var metadata = new JsonObject { ["resourceVersion"] = revision.ToString(CultureInfo.InvariantCulture) };
        if (token is not null)
        {
            metadata["continue"] = token;
        }

        if (remaining is not null)
        {
            metadata["remainingItemCount"] = remaining;
        }

        if (form.IsTable)
        {
            return Render(Tables.List(resource, version, items.Select(i => resource.FromStorage(i.ToJson(), version)), metadata, Clock.Now, form.Include), form, 200);
        }

        if (form is { IsPartial: true, Yaml: false } && items.Count > 0)
        {
            return new ApiResponse { Body = JoinHeads(items, metadata) };
        }

        if (form.IsPartial)
        {
            var list = new JsonArray();
            foreach (StoredObject item in items)
            {
                list.Add((JsonNode)Tables.Partial(item.ToJson()));
            }

            return Render(new JsonObject { ["kind"] = "PartialObjectMetadataList", ["apiVersion"] = "meta.k8s.io/v1", ["metadata"] = metadata, ["items"] = list.Count == 0 ? null : list }, form, 200);
        }

        if (resource.IsCustom)
        {
            metadata["continue"] = token ?? "";
        }

        if (form.Yaml || resource.IsCustom || !resource.IsStoredForm(version))
        {
            var list = new JsonArray();
            foreach (StoredObject item in items)
            {
                JsonObject json = resource.FromStorage(item.ToJson(), version);
                if (!resource.IsCustom)
                {
                    json.Remove("kind");
                    json.Remove("apiVersion");
                }

                list.Add((JsonNode)json);
            }

            return Render(new JsonObject { ["kind"] = resource.ListKind, ["apiVersion"] = resource.ApiVersion(version), ["metadata"] = metadata, ["items"] = list }, form, 200);
        }

        return new ApiResponse { Body = JoinStored(resource, version, items, metadata) };
    }

    private static byte[] JoinHeads(List<StoredObject> items, JsonObject metadata)
    {
        var buffer = new ArrayBufferWriter<byte>(items.Count * 1024);
        buffer.Write(Encoding.UTF8.GetBytes($"{{\"kind\":\"PartialObjectMetadataList\",\"apiVersion\":\"meta.k8s.io/v1\",\"metadata\":{metadata.ToJsonString()},\"items\":["));
        for (int i = 0; i < items.Count; i++)
        {
            buffer.Write(i == 0 ? ""u8 : ","u8);
            buffer.Write("{\"kind\":\"PartialObjectMetadata\",\"apiVersion\":\"meta.k8s.io/v1\",\"metadata\":"u8);
            buffer.Write(items[i].Metadata);
            buffer.Write("}"u8);
        }

        buffer.Write("]}"u8);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The list in one piece from stored bytes; items lose their kind and apiVersion, which lead them.</summary>
    private static byte[] JoinStored(ResourceDefinition resource, string version, List<StoredObject> items, JsonObject metadata)
    {
        byte[] head = Encoding.UTF8.GetBytes($"{{\"kind\":\"{resource.ListKind}\",\"apiVersion\":\"{resource.ApiVersion(version)}\",\"metadata\":{metadata.ToJsonString()},\"items\":[");
        var buffer = new ArrayBufferWriter<byte>(head.Length + 2 + items.Sum(i => i.Utf8.Length + 1));
        buffer.Write(head);
        bool first = true;
        foreach (StoredObject item in items)
        {
            buffer.Write(first ? "{"u8 : ",{"u8);
            buffer.Write(item.Utf8.AsSpan(item.HeadLength));
            first = false;
        }

        buffer.Write("]}"u8);
        return buffer.WrittenSpan.ToArray();
    }
}
