using System.Globalization;
using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>LimitRanges: what they fill into new pods, and what they refuse.</summary>
internal static class LimitAdmission
{
    private const string Annotation = "kubernetes.io/limit-ranger";
    private static readonly ResourceKey s_ranges = new("", "limitranges");

    /// <summary>Gives containers the requests and limits they lack, and notes in an annotation which.</summary>
    public static void Fill(ApiServer server, WriteContext context, JsonObject pod)
    {
        foreach (JsonObject range in Ranges(server, context))
        {
            var notes = new List<string>();
            foreach ((string list, string title) in new[] { ("containers", "container"), ("initContainers", "init container") })
            {
                foreach (JsonObject container in Json.Objects(pod, "spec", list))
                {
                    foreach ((string part, string from, string what) in new[] { ("requests", "defaultRequest", "request"), ("limits", "default", "limit") })
                    {
                        string[] set = [.. Fill(range, container, part, from)];
                        if (set.Length > 0)
                        {
                            notes.Add($"{string.Join(", ", set)} {what} for {title} {Json.Text(container, "name")}");
                        }
                    }
                }
            }

            if (notes.Count > 0)
            {
                Json.Ensure(Json.Meta(pod), "annotations")[Annotation] = "LimitRanger plugin set: " + string.Join("; ", notes);
            }
        }
    }

    /// <summary>Refuses pods and claims outside the bounds.</summary>
    public static void Check(ApiServer server, WriteContext context, JsonObject json)
    {
        string kind = context.Resource.Key switch
        {
            ("", "pods") => "Pod",
            ("", "persistentvolumeclaims") => "PersistentVolumeClaim",
            _ => "",
        };
        if (kind.Length == 0)
        {
            return;
        }

        var problems = new List<string>();
        foreach (JsonObject range in Ranges(server, context))
        {
            foreach (JsonObject item in Json.Objects(range, "spec", "limits"))
            {
                string type = Json.Text(item, "type");
                if (type == "Container" && kind == "Pod")
                {
                    foreach (JsonObject container in Json.Objects(json, "spec", "containers").Concat(Json.Objects(json, "spec", "initContainers")))
                    {
                        problems.AddRange(Problems(item, type, (part, name) => Amount(container, part, name)));
                    }
                }
                else if (type == kind)
                {
                    problems.AddRange(Problems(item, type, kind == "Pod" ? (part, name) => Total(json, part, name) : (part, name) => part == "limits" ? null : Amount(Json.Object(json, "spec"), part, name)));
                }
            }
        }

        if (problems.Count > 0)
        {
            string text = problems.Distinct().Count() == 1 ? problems[0] : "[" + string.Join(", ", problems.Distinct()) + "]";
            throw ApiErrors.Forbidden(context.Resource.Key, Json.Text(json, "metadata", "name"), text);
        }
    }

    private static IEnumerable<JsonObject> Ranges(ApiServer server, WriteContext context) => server.Store.List(s_ranges, context.Namespace).Select(r => r.View);

    private static IEnumerable<string> Fill(JsonObject range, JsonObject container, string part, string from)
    {
        foreach (JsonObject item in Json.Objects(range, "spec", "limits").Where(i => Json.Text(i, "type") == "Container"))
        {
            foreach ((string name, JsonNode? value) in (Json.Object(item, from) ?? []).OrderBy(p => p.Key, StringComparer.Ordinal).ToArray())
            {
                if (Json.String(container, "resources", part, name) is null)
                {
                    Json.Ensure(Json.Ensure(container, "resources"), part)[name] = value?.DeepClone();
                    yield return name;
                }
            }
        }
    }

    private static Quantity? Amount(JsonNode? owner, string part, string name) => Quantity.TryParse(Json.String(owner, "resources", part, name), out Quantity amount) ? amount : null;

    private static Quantity? Total(JsonObject pod, string part, string name) =>
        Json.Objects(pod, "spec", "containers").Any(c => Amount(c, part, name) is not null) ? PodResources.Sum(pod, part, name) : null;

    private static IEnumerable<string> Problems(JsonObject item, string type, Func<string, string, Quantity?> amount)
    {
        foreach ((string name, Quantity bound) in Bounds(item, "min"))
        {
            if (amount("requests", name) is not { } request)
            {
                yield return $"minimum {name} usage per {type} is {bound}.  No request is specified";
            }
            else if (request.CompareTo(bound) < 0)
            {
                yield return $"minimum {name} usage per {type} is {bound}, but request is {request}";
            }
            else if (amount("limits", name) is { } limit && limit.CompareTo(bound) < 0)
            {
                yield return $"minimum {name} usage per {type} is {bound}, but limit is {limit}";
            }
        }

        foreach ((string name, Quantity bound) in Bounds(item, "max"))
        {
            Quantity? request = amount("requests", name);
            if (type == "PersistentVolumeClaim")
            {
                if (request is { } asked && asked.CompareTo(bound) > 0)
                {
                    yield return $"maximum {name} usage per {type} is {bound}, but request is {asked}";
                }
            }
            else if (amount("limits", name) is not { } limit)
            {
                yield return $"maximum {name} usage per {type} is {bound}.  No limit is specified";
            }
            else if (limit.CompareTo(bound) > 0)
            {
                yield return $"maximum {name} usage per {type} is {bound}, but limit is {limit}";
            }
            else if (request is { } wanted && wanted.CompareTo(bound) > 0)
            {
                yield return $"maximum {name} usage per {type} is {bound}, but request is {wanted}";
            }
        }

        foreach ((string name, Quantity bound) in Bounds(item, "maxLimitRequestRatio"))
        {
            if (amount("requests", name) is not { IsZero: false } request)
            {
                yield return $"{name} max limit to request ratio per {type} is {bound}, but no request is specified or request is 0";
            }
            else if (amount("limits", name) is not { IsZero: false } limit)
            {
                yield return $"{name} max limit to request ratio per {type} is {bound}, but no limit is specified or limit is 0";
            }
            else if ((double)limit.MilliValue / request.MilliValue is var ratio && ratio * 1000 > bound.MilliValue)
            {
                yield return $"{name} max limit to request ratio per {type} is {bound}, but provided ratio is {ratio.ToString("F6", CultureInfo.InvariantCulture)}";
            }
        }
    }

    private static IEnumerable<(string Name, Quantity Bound)> Bounds(JsonObject item, string list)
    {
        foreach ((string name, JsonNode? value) in (Json.Object(item, list) ?? []).OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            if (Quantity.TryParse((string?)value, out Quantity bound))
            {
                yield return (name, bound);
            }
        }
    }
}
