namespace HelmLifecycle.EmbeddedCluster;

/// <summary>Told what is going on, so that virtual time stands still meanwhile: requests in flight, watch events not yet read.</summary>
internal interface IClusterActivity
{
    /// <summary>Busy until the returned value is disposed (once).</summary>
    IDisposable EnterBusy();
}
