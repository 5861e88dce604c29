namespace HelmLifecycle;

public sealed partial class ReleaseClient
{
    /// <summary>The rollout of a release, if one runs: to look at and to steer.</summary>
    /// <param name="name">The release.</param>
    public RolloutControl Rollouts(string name) => new(this, name);
}
