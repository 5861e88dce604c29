namespace HelmLifecycle.Templates;

/// <summary>TOML as Helm reads and writes it, with the BurntSushi/toml library's rules.</summary>
public static class HelmToml
{
    /// <summary>Reads a TOML document.</summary>
    /// <exception cref="TomlException">The text is no TOML.</exception>
    public static GoMap Read(string toml)
    {
        ArgumentNullException.ThrowIfNull(toml);
        return TomlReader.Read(toml);
    }

    /// <summary>
    /// Writes a map as a TOML document, with the final line feed. Another value is written as it would stand after a key, but a list
    /// of maps has no such form.
    /// </summary>
    /// <exception cref="TomlException">The value has no form in TOML.</exception>
    public static string Write(GoValue value) => TomlWriter.Write(value);
}
