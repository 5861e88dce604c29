namespace HelmLifecycle.Tests.Faults;

/// <summary>Thrown in place of everything that a dead process would still do.</summary>
internal sealed class ProcessDeath() : Exception("the process is dead");

/// <summary>Ends a process at its n-th step to the outside: from then on nothing that it does has any effect.</summary>
internal sealed class Life(int steps, bool afterTheEffect)
{
    private int _step;

    public bool IsOver => Volatile.Read(ref _step) >= steps;

    public async Task<T> StepAsync<T>(Func<Task<T>> step)
    {
        int now = Interlocked.Increment(ref _step);
        if (now > steps || (now == steps && !afterTheEffect)) throw new ProcessDeath();
        var result = await step();
        if (now != steps) return result;
        // A dead process's connections are closed.
        (result as IDisposable)?.Dispose();
        throw new ProcessDeath();
    }
}

internal sealed class MortalHandler(HttpMessageHandler inner, Life life) : DelegatingHandler(inner)
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        life.StepAsync(() => base.SendAsync(request, cancellationToken));
}

internal sealed class MortalStore(IRevisionStore inner, Life life) : IRevisionStore
{
    public Task<StoredRevision> GetAsync(string ns, string name, int revision, CancellationToken ct = default) =>
        life.StepAsync(() => inner.GetAsync(ns, name, revision, ct));

    public Task<IReadOnlyList<StoredRevision>> QueryAsync(RevisionQuery query, CancellationToken ct = default) => life.StepAsync(() => inner.QueryAsync(query, ct));

    public Task<Release> CreateAsync(Release release, CancellationToken ct = default) => life.StepAsync(() => inner.CreateAsync(release, ct));

    public Task<Release> UpdateAsync(Release release, CancellationToken ct = default) => life.StepAsync(() => inner.UpdateAsync(release, ct));

    public Task DeleteAsync(string ns, string name, int revision, CancellationToken ct = default) => life.StepAsync(async () =>
    {
        await inner.DeleteAsync(ns, name, revision, ct);
        return true;
    });
}
