using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace HelmLifecycle;

/// <summary>Sends events to the log, the current span and the meter.</summary>
internal static class EventLog
{
    public static void Write(ILogger logger, ReleaseEvent e)
    {
        switch (e)
        {
            case StageStarted stage:
                Log.Stage(logger, e.Namespace, e.ReleaseName, e.Revision, stage.Message);
                Activity.Current?.AddEvent(new ActivityEvent(stage.Message));
                break;
            case RevisionStored stored:
                Log.Stored(logger, e.Namespace, e.ReleaseName, e.Revision, stored.Status.ToText(), stored.Description);
                ReleaseTelemetry.Records.Add(1, new KeyValuePair<string, object?>("status", stored.Status.ToText()));
                break;
            case RevisionPruned:
                Log.Pruned(logger, e.Namespace, e.ReleaseName, e.Revision);
                break;
            case ResourceApplied { Error: { } error } refused:
                Log.Refused(logger, e.Namespace, e.ReleaseName, refused.Kind.Kind, refused.Name, error);
                ReleaseTelemetry.Resources.Add(1, new KeyValuePair<string, object?>("action", "failed"));
                break;
            case ResourceApplied applied:
                string action = applied.Action.ToString().ToLowerInvariant();
                Log.Resource(logger, e.Namespace, e.ReleaseName, applied.Kind.Kind, applied.Name, action);
                ReleaseTelemetry.Resources.Add(1, new KeyValuePair<string, object?>("action", action));
                break;
            case WaitingForReady waiting:
                Log.Waiting(logger, e.Namespace, e.ReleaseName, waiting.Ready, waiting.Total);
                break;
            case HookStarted hook:
                Log.HookStarted(logger, e.Namespace, e.ReleaseName, hook.Event, hook.HookName);
                break;
            case HookEnded hook:
                string phase = hook.Phase.ToString().ToLowerInvariant();
                Log.HookEnded(logger, e.Namespace, e.ReleaseName, hook.Event, hook.HookName, phase);
                ReleaseTelemetry.Hooks.Add(1, new("event", hook.Event), new("phase", phase));
                break;
            case ReleaseWarning warning:
                Log.Warning(logger, e.Namespace, e.ReleaseName, warning.Text);
                break;
            default:
                Log.Progress(logger, e.Namespace, e.ReleaseName, e.Message);
                break;
        }
    }
}
