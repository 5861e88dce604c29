using System.Text.Json.Nodes;

namespace HelmLifecycle.Charts;

internal static class ChartMetadataJson
{
    internal static ChartMetadata Read(JsonObject json) => throw new NotImplementedException();

    internal static JsonObject Write(ChartMetadata metadata) => throw new NotImplementedException();

    internal static ChartLock ReadLock(JsonObject json) => throw new NotImplementedException();

    internal static JsonObject WriteLock(ChartLock value) => throw new NotImplementedException();
}
