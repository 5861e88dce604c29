using System.Globalization;
using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>Writes <c>Event</c> objects: the same thing said again is counted up, and what is older than an hour is dropped, as the API server's time to live does.</summary>
internal sealed class EventRecorder(ClusterLoop loop)
{
    private static readonly TimeSpan s_keep = TimeSpan.FromHours(1);
    private readonly Dictionary<(string Uid, string Reason, string Message), string> _known = [];
    private readonly Queue<(DateTimeOffset At, string Namespace, string Name, (string Uid, string Reason, string Message) Key)> _old = new();
    private long _sequence;

    public void Record(JsonNode about, string reason, string message, bool warning, string component, string? fieldPath = null)
    {
        DateTimeOffset now = loop.Clock.Now;
        Forget(now);
        string ns = about.Namespace() is { Length: > 0 } given ? given : "default";
        string stamp = ClusterClock.Format(now);
        var key = (about.Uid(), reason, message);
        Caller caller = Caller.Controller(component);
        try
        {
            if (_known.TryGetValue(key, out string? known) && CountUp(ns, known, stamp, caller))
            {
                return;
            }

            string name = string.Create(CultureInfo.InvariantCulture, $"{about.Name()}.{now.UtcTicks + _sequence++:x16}");
            var involved = new JsonObject
            {
                ["kind"] = about.Kind(),
                ["namespace"] = about.Namespace(),
                ["name"] = about.Name(),
                ["uid"] = about.Uid(),
                ["apiVersion"] = about.Text("apiVersion"),
                ["resourceVersion"] = about.Text("metadata", "resourceVersion"),
            };
            if (fieldPath is not null)
            {
                involved["fieldPath"] = fieldPath;
            }

            var body = new JsonObject
            {
                ["kind"] = "Event",
                ["apiVersion"] = "v1",
                ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = ns },
                ["involvedObject"] = involved,
                ["reason"] = reason,
                ["message"] = message.Length > 1024 ? message[..1021] + "..." : message,
                ["source"] = new JsonObject { ["component"] = component },
                ["firstTimestamp"] = stamp,
                ["lastTimestamp"] = stamp,
                ["count"] = 1,
                ["type"] = warning ? "Warning" : "Normal",
                ["eventTime"] = null,
                ["reportingComponent"] = component,
                ["reportingInstance"] = "",
            };
            loop.Api.Create(ClusterResources.Events, ns, body, caller);
            _known[key] = name;
            _old.Enqueue((now, ns, name, key));
        }
        catch (ApiError)
        {
            // A namespace that is going away takes no events any more; Kubernetes drops them too.
        }
    }

    private bool CountUp(string ns, string name, string stamp, Caller caller) => loop.Api.Modify(
        ClusterResources.Events,
        ns,
        name,
        e =>
        {
            e["count"] = e.Int(1, "count") + 1;
            e["lastTimestamp"] = stamp;
            return true;
        },
        caller) is not null;

    private void Forget(DateTimeOffset now)
    {
        while (_old.TryPeek(out var oldest) && now - oldest.At > s_keep)
        {
            _old.Dequeue();
            JsonObject? stored = loop.Api.Store.Get(ClusterResources.Events, oldest.Namespace, oldest.Name)?.View;
            if (stored is not null && ClusterClock.Parse(stored.Text("lastTimestamp")) is { } last && now - last <= s_keep)
            {
                _old.Enqueue((last, oldest.Namespace, oldest.Name, oldest.Key));
                continue;
            }

            _known.Remove(oldest.Key);
            if (stored is not null)
            {
                try
                {
                    loop.Api.Delete(ClusterResources.Events, oldest.Namespace, oldest.Name, new DeleteSettings("Background"), Caller.Controller("ttl-controller"));
                }
                catch (ApiError)
                {
                }
            }
        }
    }
}
