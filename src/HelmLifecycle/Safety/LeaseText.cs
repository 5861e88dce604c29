using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HelmLifecycle;

/// <summary>The fields of a lease as Kubernetes writes them, which all stores use.</summary>
internal static class LeaseText
{
    public static JsonObject Write(ReleaseLease lease) => new()
    {
        ["holderIdentity"] = lease.Holder,
        ["leaseDurationSeconds"] = (int)Math.Max(1, lease.Duration.TotalSeconds),
        ["acquireTime"] = Time(lease.Acquired),
        ["renewTime"] = Time(lease.Renewed),
    };

    /// <summary>Reads the fields. A lease without a holder or times belongs to nobody: null.</summary>
    public static ReleaseLease? Read(JsonNode? spec, string? version)
    {
        try
        {
            return spec is JsonObject && spec["holderIdentity"]?.GetValue<string>() is { Length: > 0 } holder && spec["renewTime"]?.GetValue<string>() is { } renewed
                ? new ReleaseLease(
                    holder,
                    Time(spec["acquireTime"]?.GetValue<string>() ?? renewed),
                    Time(renewed),
                    TimeSpan.FromSeconds(int.Parse(spec["leaseDurationSeconds"]?.ToJsonString() ?? "0", CultureInfo.InvariantCulture)),
                    version)
                : null;
        }
        catch (Exception e) when (e is FormatException or OverflowException or InvalidOperationException or JsonException)
        {
            return null;
        }
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
