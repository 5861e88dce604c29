using Microsoft.Extensions.Logging;

namespace HelmLifecycle;

/// <summary>What is logged, by event id.</summary>
internal static partial class Log
{
    [LoggerMessage(100, LogLevel.Debug, "{Namespace}/{Release} revision {Revision}: {Stage}")]
    public static partial void Stage(ILogger logger, string @namespace, string release, int revision, string stage);

    [LoggerMessage(101, LogLevel.Information, "{Namespace}/{Release} revision {Revision} stored as {Status}: {Description}")]
    public static partial void Stored(ILogger logger, string @namespace, string release, int revision, string status, string description);

    [LoggerMessage(102, LogLevel.Debug, "{Namespace}/{Release} revision {Revision} pruned")]
    public static partial void Pruned(ILogger logger, string @namespace, string release, int revision);

    [LoggerMessage(103, LogLevel.Debug, "{Namespace}/{Release}: {Kind}/{Name} {Action}")]
    public static partial void Resource(ILogger logger, string @namespace, string release, string kind, string name, string action);

    [LoggerMessage(104, LogLevel.Warning, "{Namespace}/{Release}: {Kind}/{Name} refused: {Error}")]
    public static partial void Refused(ILogger logger, string @namespace, string release, string kind, string name, string error);

    [LoggerMessage(105, LogLevel.Debug, "{Namespace}/{Release}: {Ready} of {Total} ready")]
    public static partial void Waiting(ILogger logger, string @namespace, string release, int ready, int total);

    [LoggerMessage(106, LogLevel.Debug, "{Namespace}/{Release}: {Event} hook {Hook} started")]
    public static partial void HookStarted(ILogger logger, string @namespace, string release, string @event, string hook);

    [LoggerMessage(107, LogLevel.Information, "{Namespace}/{Release}: {Event} hook {Hook} {Phase}")]
    public static partial void HookEnded(ILogger logger, string @namespace, string release, string @event, string hook, string phase);

    [LoggerMessage(108, LogLevel.Warning, "{Namespace}/{Release}: {Text}")]
    public static partial void Warning(ILogger logger, string @namespace, string release, string text);

    [LoggerMessage(109, LogLevel.Information, "{Namespace}/{Release}: {Message}")]
    public static partial void Progress(ILogger logger, string @namespace, string release, string message);

    [LoggerMessage(110, LogLevel.Warning, "{Namespace}/{Release}: the record could not be written: {Error}")]
    public static partial void RecordFailed(ILogger logger, string @namespace, string release, string error);
}
