namespace HelmLifecycle.Templates;

/// <summary>Sprig's functions on URLs and hosts.</summary>
internal static class UrlFunctions
{
    internal static IEnumerable<GoFunction> All =>
    [
        new("urlParse", GoParameters.String, static (c, a) => Parse(c, a[0].AsString!)),
        new("urlJoin", GoParameters.Map, static (_, a) => Join(a[0].AsMap ?? new GoMap())),
        // As in Helm: an empty text unless the render was given a resolver.
        new("getHostByName", GoParameters.String, static (c, a) => c.Dns?.Resolve(a[0].AsString!, c.CancellationToken) ?? ""),
    ];

    private static GoValue Parse(GoCallContext context, string text)
    {
        context.Charge(text.Length);
        GoUrl url = GoUrl.Parse(text, out string? error) ?? throw new GoFunctionException("unable to parse url: " + error);
        return new GoMap(8)
        {
            ["scheme"] = url.Scheme,
            ["host"] = url.Host,
            ["hostname"] = url.HostName,
            ["path"] = url.Path,
            ["query"] = url.Query,
            ["opaque"] = url.Opaque,
            ["fragment"] = url.Fragment,
            ["userinfo"] = url.User ?? "",
        };
    }

    private static GoValue Join(GoMap parts)
    {
        var url = new GoUrl
        {
            Scheme = Part(parts, "scheme"),
            Host = Part(parts, "host"),
            Path = Part(parts, "path"),
            Query = Part(parts, "query"),
            Opaque = Part(parts, "opaque"),
            Fragment = Part(parts, "fragment"),
        };
        string user = Part(parts, "userinfo");
        if (user.Length > 0)
        {
            GoUrl withUser = GoUrl.Parse($"proto://{user}@host", out string? error)
                ?? throw new GoFunctionException("unable to parse userinfo in dict: " + error);
            url.User = withUser.User;
        }

        return url.ToString();
    }

    private static string Part(GoMap parts, string key)
    {
        if (!parts.TryGetValue(key, out GoValue value))
            return "";
        if (value.IsNil)
            throw ListFunctions.NilPointer();
        return value.AsString
            ?? throw new GoFunctionException($"unable to parse {key} key, must be of type string, but {value.Type!.KindName} found");
    }
}
