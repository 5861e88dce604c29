namespace HelmLifecycle.Templates;

/// <summary>TOML as Helm reads and writes it, with the BurntSushi/toml library's rules.</summary>
public static class HelmToml
{
    /// <summary>Reads a TOML document.</summary>
    /// <exception cref="TomlException">The text is no TOML.</exception>
    public static GoMap Read(string toml) => throw new NotImplementedException();

    /// <summary>Writes a map as a TOML document, with the final line feed.</summary>
    /// <exception cref="TomlException">The value is no map, or has no form in TOML.</exception>
    public static string Write(GoValue value) => throw new NotImplementedException();
}
