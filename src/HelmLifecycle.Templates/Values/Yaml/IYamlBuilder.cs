namespace HelmLifecycle.Templates;

/// <summary>Makes values of one kind out of what <see cref="YamlComposer{T, TBuilder}"/> reads.</summary>
internal interface IYamlBuilder<T>
{
    T Scalar(YamlScalar scalar);

    T NewMap();

    /// <summary>Sets a key; the last value wins. The text is the key as JSON has it, null when it cannot be one.</summary>
    void Put(T map, YamlScalar key, string? text, T value);

    T List(ReadOnlySpan<T> items);

    bool IsMap(T value);

    bool IsList(T value);

    ReadOnlySpan<T> Items(T list);

    /// <summary>An independent copy, for an alias.</summary>
    T Copy(T value);

    /// <summary>Puts all entries of a map into another.</summary>
    void Merge(T map, T source);
}
