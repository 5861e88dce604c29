using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>An HTTP request, free of any transport.</summary>
internal sealed class ApiRequest
{
    public required string Method { get; init; }

    /// <summary>Path, decoded, without the query.</summary>
    public required string Path { get; init; }

    public required QueryValues Query { get; init; }

    public string ContentType { get; init; } = "";

    public string Accept { get; init; } = "";

    public string UserAgent { get; init; } = "";

    public string Authorization { get; init; } = "";

    public string ImpersonateUser { get; init; } = "";

    public IReadOnlyList<string> ImpersonateGroups { get; init; } = [];

    public ReadOnlyMemory<byte> Body { get; init; }

    public string Host { get; init; } = "";

    public bool IsUpgrade { get; init; }

    /// <summary>What holds virtual time while the server works on this; let go while an answer waits for time to pass.</summary>
    public IDisposable? Hold { get; set; }
}

/// <summary>The parameters of a query; a parameter may be given several times.</summary>
internal sealed class QueryValues
{
    private readonly Dictionary<string, List<string>> _values = new(StringComparer.Ordinal);

    public static QueryValues Parse(string? query)
    {
        var result = new QueryValues();
        foreach (string part in (query ?? "").TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            string name = Decode(equals < 0 ? part : part[..equals]);
            string value = equals < 0 ? "" : Decode(part[(equals + 1)..]);
            if (!result._values.TryGetValue(name, out List<string>? list))
            {
                list = [];
                result._values[name] = list;
            }

            list.Add(value);
        }

        return result;
    }

    private static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));

    public override string ToString() => string.Join('&', _values.SelectMany(p => p.Value.Select(v => p.Key + "=" + v)));

    public bool Has(string name) => _values.ContainsKey(name);

    public string Get(string name) => _values.TryGetValue(name, out List<string>? list) ? list[0] : "";

    public IReadOnlyList<string> All(string name) => _values.TryGetValue(name, out List<string>? list) ? list : [];

    /// <summary>A boolean as the API reads it: any value but 0 and false, even an empty one, is true.</summary>
    public bool Flag(string name) => Has(name) && Get(name) is not ("0" or "false" or "False" or "FALSE" or "f" or "F");

    public long? Number(string name)
    {
        string text = Get(name);
        if (text.Length == 0)
        {
            return null;
        }

        return long.TryParse(text, System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture, out long value)
            ? value
            : throw ApiErrors.BadRequest("strconv.ParseInt: parsing " + GoText.Quote(text) + ": invalid syntax");
    }
}

/// <summary>An HTTP answer, free of any transport.</summary>
internal sealed class ApiResponse
{
    public int Status { get; init; } = 200;

    public string ContentType { get; init; } = "application/json";

    public ReadOnlyMemory<byte> Body { get; init; }

    public List<(string Name, string Value)> Headers { get; } = [];

    /// <summary>A stream instead of a body.</summary>
    public WatchStream? Watch { get; init; }

    public static ApiResponse Json(JsonNode json, int status = 200) => new() { Status = status, Body = ObjectEncoding.Encode(json) };

    public static ApiResponse Text(string text, int status = 200, string contentType = "text/plain; charset=utf-8") =>
        new() { Status = status, ContentType = contentType, Body = System.Text.Encoding.UTF8.GetBytes(text) };

    public static ApiResponse Error(ApiError error)
    {
        ApiResponse response = Json(error.ToStatus(), error.Code);
        if (Embedded(error) is { } retry)
        {
            response.Headers.Add(("Retry-After", retry));
        }

        return response;
    }

    private static string? Embedded(ApiError error) => error.Details?["retryAfterSeconds"]?.ToJsonString();
}
