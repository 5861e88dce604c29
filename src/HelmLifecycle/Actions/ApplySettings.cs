namespace HelmLifecycle;

/// <summary>How an action writes objects.</summary>
/// <param name="ServerSide">Server-side apply, else POST and patches.</param>
/// <param name="ForceConflicts">Take fields of other managers.</param>
/// <param name="ForceReplace">Replace with PUT.</param>
internal sealed record ApplySettings(bool ServerSide, bool ForceConflicts, bool ForceReplace)
{
    /// <summary>Whether fields Helm owns by updates are handed over to its server-side apply first.</summary>
    public bool MigrateManagers { get; init; }

    /// <summary>Whether custom resources are patched from all three sides, as when objects are taken over.</summary>
    public bool ThreeWayForCustomResources { get; init; }

    public RecreatePolicy Recreate { get; init; } = RecreatePolicy.Never;

    public ApplyMethod Method => ServerSide ? ApplyMethod.ServerSide : ApplyMethod.ClientSide;

    /// <summary>The settings of an action.</summary>
    /// <param name="context">The action.</param>
    /// <param name="options">Its options.</param>
    /// <param name="recorded">What the record says that decides when the options say auto; null in an install.</param>
    public static ApplySettings For(ActionContext context, DeployOptions options, ApplyMethod? recorded)
    {
        if (context.Helm3 && options.ServerSide == ServerSideApply.True) throw new NotSupportedException("server-side apply: Helm 3 has none");
        bool serverSide = !context.Helm3 && options.ServerSide switch
        {
            ServerSideApply.True => true,
            ServerSideApply.False => false,
            _ => recorded is null or ApplyMethod.ServerSide,
        };
        // Who edited by hand owns the field now, so nothing could be put right without taking it back.
        bool takesBack = serverSide && options is UpgradeOptions { CorrectDrift: true, ForceReplace: false };
        return new ApplySettings(serverSide, options.ForceConflicts || takesBack, options.ForceReplace) { Recreate = options.Recreate };
    }

    /// <summary>Refuses what contradicts itself, in Helm 4's words. Helm finds it when the record is written already, so this is asked then.</summary>
    /// <exception cref="ReleaseException">The settings contradict each other.</exception>
    public void Check(bool create)
    {
        if (!ServerSide && ForceConflicts)
        {
            throw new ReleaseException($"invalid client {(create ? "create" : "update")} option(s): forceConflicts enabled when serverSideApply disabled");
        }

        if (create) return;
        if (ForceConflicts && ForceReplace) throw new ReleaseException("invalid operation: cannot use force conflicts and force replace together");
        if (ServerSide && ForceReplace) throw new ReleaseException("invalid operation: cannot use server-side apply and force replace together");
    }
}
