using System.Text.Json.Nodes;

namespace HelmLifecycle.Conformance.Cli;

/// <summary>Answers the requests of one <c>op</c>.</summary>
public interface IOperation
{
    /// <summary>What <c>op</c> it answers.</summary>
    string Name { get; }

    /// <summary>Answers a request. What it throws becomes <c>{"error": MESSAGE}</c>.</summary>
    JsonObject Answer(JsonObject request);
}

/// <summary>All operations, one line each.</summary>
public static class Operations
{
    public static IReadOnlyList<IOperation> All { get; } =
    [
        new TplOperation(),
        new YamlOperation(),
        new SetOperation(),
        new SemverOperation(),
        new TreeOperation(),
        new RenderOperation(),
        new BenchOperation(),
    ];
}
