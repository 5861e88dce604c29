using System.Globalization;
using Npgsql;

namespace HelmLifecycle.Storage.Sql;

/// <summary>The <c>postgres://user:password@host:port/database?sslmode=…</c> form that Helm users have.</summary>
internal static class PostgresAddress
{
    public static string ToConnectionString(string text)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(text);
        if (!text.StartsWith("postgres://", StringComparison.Ordinal) && !text.StartsWith("postgresql://", StringComparison.Ordinal))
            return text;
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? address))
            throw new ArgumentException("The PostgreSQL address cannot be read: expected postgres://user:password@host:port/database.", nameof(text));
        var builder = new NpgsqlConnectionStringBuilder { Host = Uri.UnescapeDataString(address.Host), Port = address.Port > 0 ? address.Port : 5432 };
        if (address.AbsolutePath.Length > 1)
            builder.Database = Uri.UnescapeDataString(address.AbsolutePath[1..]);
        string[] user = address.UserInfo.Split(':', 2);
        if (user[0].Length > 0)
            builder.Username = Uri.UnescapeDataString(user[0]);
        if (user.Length > 1)
            builder.Password = Uri.UnescapeDataString(user[1]);
        foreach (string part in address.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] pair = part.Split('=', 2);
            string value = Uri.UnescapeDataString(pair.Length > 1 ? pair[1] : "");
            switch (pair[0])
            {
                case "sslmode":
                    builder.SslMode = value switch
                    {
                        "disable" => SslMode.Disable,
                        "allow" => SslMode.Allow,
                        "prefer" => SslMode.Prefer,
                        "require" => SslMode.Require,
                        "verify-ca" => SslMode.VerifyCA,
                        "verify-full" => SslMode.VerifyFull,
                        _ => throw new NotSupportedException($"sslmode={value} is not supported."),
                    };
                    break;
                case "host":
                    builder.Host = value;
                    break;
                case "connect_timeout":
                    builder.Timeout = int.Parse(value, CultureInfo.InvariantCulture);
                    break;
                case "application_name":
                    builder.ApplicationName = value;
                    break;
                case "search_path":
                    builder.SearchPath = value;
                    break;
                default:
                    throw new NotSupportedException($"The parameter {pair[0]} of a PostgreSQL address is not supported; use a connection string.");
            }
        }

        return builder.ConnectionString;
    }
}
