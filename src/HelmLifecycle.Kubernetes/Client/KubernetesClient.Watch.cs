using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

namespace HelmLifecycle.Kubernetes;

public sealed partial class KubernetesClient
{
    private const string MetadataAccept = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(800);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Watches the objects of a kind for as long as the caller reads. The watch resumes by itself: after an end by the server or a lost
    /// connection from the last resourceVersion, after <c>410 Gone</c> with a new list, whose differences to what was told are told as
    /// events.
    /// </summary>
    /// <param name="gvk">The kind.</param>
    /// <param name="ns">The namespace; null for all namespaces.</param>
    /// <param name="options">Options; null for the defaults.</param>
    /// <param name="ct">Ends the watch.</param>
    /// <exception cref="KubernetesApiException">The API refuses to list or watch the kind.</exception>
    public async IAsyncEnumerable<WatchEvent> WatchAsync(
        GroupVersionKind gvk, string? ns, WatchOptions? options = null, [EnumeratorCancellation] CancellationToken ct = default)
    {
        options ??= new WatchOptions();
        ApiResource resource = await ResourceForAsync(gvk, ct).ConfigureAwait(false);
        var known = new Dictionary<(string?, string), KubernetesObject>();
        string? version = options.ResourceVersion;
        TimeSpan pause = FirstPause;
        bool begun = false;
        while (true)
        {
            if (string.IsNullOrEmpty(version))
            {
                KubernetesList list;
                while (true)
                {
                    try
                    {
                        list = await ListAsync(gvk, ns, new ListOptions
                        {
                            LabelSelector = options.LabelSelector,
                            FieldSelector = options.FieldSelector,
                            MetadataOnly = options.MetadataOnly,
                        }, ct).ConfigureAwait(false);
                        break;
                    }
                    catch (KubernetesException e) when (begun && IsPassing(e))
                    {
                        Log.WatchInterrupted(_logger, resource.Path(ns), e.Message);
                    }
                    pause = await PauseAsync(pause, ct).ConfigureAwait(false);
                }
                foreach (WatchEvent change in Differences(known, list.Items)) yield return change;
                version = list.ResourceVersion;
                yield return new WatchEvent(WatchEventType.Bookmark, Bookmark(resource, version));
            }
            begun = true;

            Stream? stream = null;
            HttpResponseMessage? response = null;
            try
            {
                response = await SendAsync(WatchRequest(resource, ns, version, options), ct).ConfigureAwait(false);
                stream = await response.Content.ReadAsStreamAsync(ct).ConfigureAwait(false);
            }
            catch (KubernetesApiException e) when (e.IsGone)
            {
                version = null;
            }
            catch (KubernetesException e) when (IsPassing(e))
            {
                Log.WatchInterrupted(_logger, resource.Path(ns), e.Message);
            }
            bool heard = false;
            if (stream is not null)
            {
                using (response)
                using (stream)
                {
                    var lines = new JsonLineReader(stream);
                    while (await ReadEventAsync(lines, resource, ct).ConfigureAwait(false) is { } read)
                    {
                        if (read.Error is { } error)
                        {
                            if (error.IsGone) version = null;
                            else if (!IsPassing(error)) throw error;
                            break;
                        }
                        WatchEvent e = read.Event!;
                        heard = true;
                        version = e.Object.ResourceVersion ?? version;
                        if (e.Type == WatchEventType.Deleted) known.Remove((e.Object.Namespace, e.Object.Name));
                        else if (e.Type != WatchEventType.Bookmark) known[(e.Object.Namespace, e.Object.Name)] = e.Object;
                        yield return e;
                    }
                }
            }
            // A watch that tells nothing and ends is asked for again more and more slowly.
            if (heard || version is null) pause = FirstPause;
            else pause = await PauseAsync(pause, ct).ConfigureAwait(false);
        }
    }

    private static bool IsPassing(KubernetesException e) =>
        e is ClusterUnreachableException or KubernetesApiException { StatusCode: 429 or >= 500 and not 501 };

    private async Task<TimeSpan> PauseAsync(TimeSpan pause, CancellationToken ct)
    {
        await Task.Delay(pause, Time, ct).ConfigureAwait(false);
        TimeSpan next = pause * 2;
        return next < LongestPause ? next : LongestPause;
    }

    private static List<WatchEvent> Differences(Dictionary<(string?, string), KubernetesObject> known, IReadOnlyList<KubernetesObject> now)
    {
        var events = new List<WatchEvent>(now.Count);
        var gone = new Dictionary<(string?, string), KubernetesObject>(known);
        foreach (KubernetesObject o in now)
        {
            (string?, string) key = (o.Namespace, o.Name);
            gone.Remove(key);
            if (known.TryGetValue(key, out KubernetesObject? before))
            {
                if (before.Uid != o.Uid)
                {
                    events.Add(new WatchEvent(WatchEventType.Deleted, before));
                    events.Add(new WatchEvent(WatchEventType.Added, o));
                }
                else if (before.ResourceVersion != o.ResourceVersion) events.Add(new WatchEvent(WatchEventType.Modified, o));
            }
            else events.Add(new WatchEvent(WatchEventType.Added, o));
            known[key] = o;
        }
        foreach ((var key, KubernetesObject o) in gone)
        {
            known.Remove(key);
            events.Add(new WatchEvent(WatchEventType.Deleted, o));
        }
        return events;
    }

    private static KubernetesObject Bookmark(ApiResource resource, string version) => new(new JsonObject
    {
        ["apiVersion"] = resource.ApiVersion,
        ["kind"] = resource.Kind,
        ["metadata"] = new JsonObject { ["resourceVersion"] = version },
    });

    private async ValueTask<(WatchEvent? Event, KubernetesApiException? Error)?> ReadEventAsync(
        JsonLineReader lines, ApiResource resource, CancellationToken ct)
    {
        try
        {
            if (await lines.NextAsync(ct).ConfigureAwait(false) is not JsonObject line || line["object"] is not JsonObject json) return null;
            line.Remove("object");
            WatchEventType type;
            switch (KubernetesObject.Text(line, "type"))
            {
                case "ADDED": type = WatchEventType.Added; break;
                case "MODIFIED": type = WatchEventType.Modified; break;
                case "DELETED": type = WatchEventType.Deleted; break;
                case "BOOKMARK": type = WatchEventType.Bookmark; break;
                case "ERROR":
                    return (null, KubernetesApiException.From(500, JsonText.WriteBytes(json), "GET", resource.Path(null)));
                default: return null;
            }
            return (new WatchEvent(type, Named(json, resource)), null);
        }
        catch (Exception e) when (e is IOException or HttpRequestException or FormatException)
        {
            // A broken stream is the normal end of a watch on a bad day: it is resumed.
            Log.WatchInterrupted(_logger, resource.Path(null), e.Message);
            return null;
        }
    }

    private static KubernetesRequest WatchRequest(ApiResource resource, string? ns, string? version, WatchOptions options)
    {
        double seconds = options.RequestTimeout?.TotalSeconds ?? 300 + Random.Shared.NextDouble() * 300;
        var query = new QueryText();
        query.Add("allowWatchBookmarks", "true");
        query.Add("fieldSelector", options.FieldSelector);
        query.Add("labelSelector", options.LabelSelector);
        query.Add("resourceVersion", version);
        query.Add("timeoutSeconds", Math.Max(1, (int)seconds).ToString(CultureInfo.InvariantCulture));
        query.Add("watch", "true");
        return new KubernetesRequest
        {
            Method = HttpMethod.Get,
            Path = resource.Path(ns) + query,
            Accept = options.MetadataOnly ? MetadataAccept : "application/json",
            Streaming = true,
        };
    }
}
