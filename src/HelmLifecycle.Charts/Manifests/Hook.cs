namespace HelmLifecycle.Charts;

/// <summary>A document of a chart that is run at an event of the release instead of being part of it.</summary>
public sealed record Hook
{
    /// <summary><c>metadata.name</c></summary>
    public string Name { get; init; } = "";

    /// <summary>The kind.</summary>
    public string Kind { get; init; } = "";

    /// <summary>The template that it comes from, such as <c>web/templates/migrate.yaml</c>.</summary>
    public string Path { get; init; } = "";

    /// <summary>The document, as text.</summary>
    public string Manifest { get; init; } = "";

    /// <summary>When it runs.</summary>
    public IReadOnlyList<HookEvent> Events { get; init; } = [];

    /// <summary>Lower ones run first.</summary>
    public int Weight { get; init; }

    /// <summary>
    /// When its object is deleted: <c>before-hook-creation</c>, <c>hook-succeeded</c>, <c>hook-failed</c>. Others are kept and mean nothing. Empty
    /// when the chart says nothing; then <c>before-hook-creation</c> counts when the hook is run.
    /// </summary>
    public IReadOnlyList<string> DeletePolicies { get; init; } = [];

    /// <summary>When its logs are written out: <c>hook-succeeded</c>, <c>hook-failed</c>.</summary>
    public IReadOnlyList<string> OutputLogPolicies { get; init; } = [];

    /// <summary>The hooks of an event in the order in which they run: by weight, then name; else as given.</summary>
    public static IReadOnlyList<Hook> ForEvent(IEnumerable<Hook> hooks, HookEvent hookEvent) =>
        [.. hooks.Where(h => h.Events.Contains(hookEvent)).OrderBy(h => h.Weight).ThenBy(h => h.Name, GoString.Comparer)];
}

/// <summary>The events at which hooks run.</summary>
public enum HookEvent
{
    /// <summary><c>pre-install</c></summary>
    PreInstall,
    /// <summary><c>post-install</c></summary>
    PostInstall,
    /// <summary><c>pre-delete</c></summary>
    PreDelete,
    /// <summary><c>post-delete</c></summary>
    PostDelete,
    /// <summary><c>pre-upgrade</c></summary>
    PreUpgrade,
    /// <summary><c>post-upgrade</c></summary>
    PostUpgrade,
    /// <summary><c>pre-rollback</c></summary>
    PreRollback,
    /// <summary><c>post-rollback</c></summary>
    PostRollback,
    /// <summary><c>test</c>, also written <c>test-success</c> in charts.</summary>
    Test,
}

/// <summary>The words of hook events, and of the policies.</summary>
public static class HookWords
{
    /// <summary>Delete the object before the hook is created anew.</summary>
    public const string BeforeHookCreation = "before-hook-creation";

    /// <summary>After the hook succeeded.</summary>
    public const string HookSucceeded = "hook-succeeded";

    /// <summary>After the hook failed.</summary>
    public const string HookFailed = "hook-failed";

    private static readonly string[] s_events =
    [
        "pre-install", "post-install", "pre-delete", "post-delete", "pre-upgrade", "post-upgrade", "pre-rollback", "post-rollback", "test",
    ];

    /// <summary>The event's word, such as <c>pre-install</c>.</summary>
    public static string ToWord(this HookEvent hookEvent) => s_events[(int)hookEvent];

    /// <summary>The event of a word.</summary>
    public static bool TryParse(string word, out HookEvent hookEvent)
    {
        int index = word == "test-success" ? (int)HookEvent.Test : Array.IndexOf(s_events, word);
        hookEvent = (HookEvent)Math.Max(index, 0);
        return index >= 0;
    }
}
