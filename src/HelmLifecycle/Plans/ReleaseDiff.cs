namespace HelmLifecycle;

/// <summary>The difference between two revisions of a release.</summary>
/// <param name="From">The one.</param>
/// <param name="To">The other.</param>
/// <param name="Values">The effective values that differ; values under keys such as <c>password</c> are masked.</param>
/// <param name="Manifest">The objects that differ; values of Secrets are masked.</param>
public sealed record RevisionDiff(Release From, Release To, IReadOnlyList<FieldChange> Values, ManifestDiff Manifest)
{
    /// <summary>Whether nothing differs.</summary>
    public bool IsEmpty => Values.Count == 0 && Manifest.IsEmpty;
}

/// <summary>
/// How live objects differ from what a revision says: <c>before</c> is the live object, <c>after</c> what applying the revision again would
/// make of it. Fields that the chart does not mention are nobody's drift.
/// </summary>
/// <param name="Release">The revision.</param>
/// <param name="Diff">The objects; those that are missing show as created.</param>
public sealed record DriftReport(Release Release, ManifestDiff Diff)
{
    /// <summary>Whether any live object differs.</summary>
    public bool HasDrift => !Diff.IsEmpty;

    /// <summary>One line for each object that differs: what it is and which fields.</summary>
    public string Summary => string.Join('\n', Diff.Changes.Select(c => c.Action == ResourceAction.Created
        ? $"{c.Title}: missing"
        : $"{c.Title}: {string.Join(", ", c.Fields.Select(f => f.Path))}"));
}
