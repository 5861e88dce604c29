using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>A request on its way into the cluster, as a fault rule sees it.</summary>
/// <param name="Method">HTTP method in capitals.</param>
/// <param name="Path">Path without the query: <c>/api/v1/namespaces/x/secrets/y</c>.</param>
/// <param name="Query">The query without the question mark; "" if none.</param>
public sealed record FaultRequest(string Method, string Path, string Query = "")
{
    /// <summary>Whether it changes something: POST, PUT, PATCH or DELETE.</summary>
    public bool IsWrite => Method is "POST" or "PUT" or "PATCH" or "DELETE";
}

/// <summary>
/// Faults on purpose: <c>cluster.Faults.On("POST", "*/secrets").Nth(2).Fail(500)</c>. Rules are asked in the order in which they were made; the first that applies decides. Requests of the
/// cluster's own controllers are never touched, but webhooks see them.
/// </summary>
public sealed class FaultPlan
{
    private ImmutableArray<FaultRule> _rules = [];
    private ImmutableArray<FaultWebhook> _webhooks = [];

    /// <summary>Refuses every write of clients with 403, as an API server in maintenance does. Default: false.</summary>
    public bool ReadOnly { get; set; }

    /// <summary>Time, by the cluster's clock, that every request takes before it is looked at. Default: none.</summary>
    public TimeSpan Latency { get; set; }

    /// <summary>A rule for the requests that <paramref name="requests"/> picks. It does nothing until it is told what.</summary>
    /// <param name="requests">Picks requests; called from any thread.</param>
    public FaultRule On(Func<FaultRequest, bool> requests)
    {
        ArgumentNullException.ThrowIfNull(requests);
        var rule = new FaultRule(this, requests);
        ImmutableInterlocked.Update(ref _rules, static (all, one) => all.Add(one), rule);
        return rule;
    }

    /// <summary>A rule for a method and a path.</summary>
    /// <param name="method">HTTP method, or <c>*</c>.</param>
    /// <param name="path">The path, where <c>*</c> stands for any characters.</param>
    public FaultRule On(string method, string path)
    {
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(path);
        return On(r => (method == "*" || string.Equals(method, r.Method, StringComparison.OrdinalIgnoreCase)) && System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(path, r.Path, ignoreCase: false));
    }

    /// <summary>A validating webhook: every create, update and delete is shown to it, and refused when it gives a reason.</summary>
    /// <param name="name">Its name, which refusals mention: <c>policy.example.com</c>.</param>
    /// <param name="validate">Gives the reason for a refusal, or null. Must not change the object.</param>
    public IDisposable Validate(string name, Func<WebhookRequest, string?> validate)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(validate);
        return Add(new FaultWebhook(this, name, null, validate));
    }

    /// <summary>A mutating webhook: it may change every object that is created or updated, before defaults and validation.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="mutate">Changes <see cref="WebhookRequest.Object"/> in place.</param>
    public IDisposable Mutate(string name, Action<WebhookRequest> mutate)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(mutate);
        return Add(new FaultWebhook(this, name, mutate, null));
    }

    /// <summary>Takes all rules and webhooks away, and with them latency and read-only.</summary>
    public void Clear()
    {
        _rules = [];
        _webhooks = [];
        ReadOnly = false;
        Latency = TimeSpan.Zero;
    }

    internal void Remove(FaultRule rule) => ImmutableInterlocked.Update(ref _rules, static (all, one) => all.Remove(one), rule);

    internal void Remove(FaultWebhook webhook) => ImmutableInterlocked.Update(ref _webhooks, static (all, one) => all.Remove(one), webhook);

    /// <summary>
    /// Called once for every request of a client, before anything else and while the clock does not count it as busy. Waits as long as the plan says. Returns what is to happen after the
    /// effect, or null. Throws <see cref="ApiError"/> to be answered, or <see cref="ConnectionFault"/> for a connection to be cut.
    /// </summary>
    internal async ValueTask<FaultRule?> BeforeAsync(FaultRequest request, ClusterClock clock, CancellationToken cancellationToken)
    {
        if (Latency > TimeSpan.Zero)
        {
            await Task.Delay(Latency, clock.Provider, cancellationToken).ConfigureAwait(false);
        }

        foreach (FaultRule rule in _rules)
        {
            if (!rule.Applies(request))
            {
                continue;
            }

            if (rule.Delays is { } delay)
            {
                await Task.Delay(delay, clock.Provider, cancellationToken).ConfigureAwait(false);
            }

            if (rule.IsAfterEffect)
            {
                return rule;
            }

            await rule.HappenAsync(clock, cancellationToken).ConfigureAwait(false);
            break;
        }

        if (ReadOnly && request.IsWrite)
        {
            throw new ApiError(403, "Forbidden", "the cluster is read-only");
        }

        return null;
    }

    /// <summary>Called after the effect of a request for which <see cref="BeforeAsync"/> returned a rule, again while not busy.</summary>
    internal static async ValueTask AfterAsync(FaultRule? rule, ClusterClock clock, CancellationToken cancellationToken)
    {
        if (rule is not null)
        {
            await rule.HappenAsync(clock, cancellationToken).ConfigureAwait(false);
        }
    }

    internal bool HasWebhooks => !_webhooks.IsEmpty;

    /// <summary>Shows an object to the mutating webhooks; called before defaulting and validation.</summary>
    internal void MutateObject(WebhookRequest request)
    {
        foreach (FaultWebhook webhook in _webhooks)
        {
            webhook.Mutate?.Invoke(request);
        }
    }

    /// <summary>Shows an object to the validating webhooks. Throws the refusal as the API server words it.</summary>
    internal void ValidateObject(WebhookRequest request)
    {
        foreach (FaultWebhook webhook in _webhooks)
        {
            if (webhook.Validate?.Invoke(request) is { } reason)
            {
                string denied = $"admission webhook \"{webhook.Name}\" denied the request";
                throw new ApiError(403, "Forbidden", reason.Length > 0 ? denied + ": " + reason : denied + " without explanation");
            }
        }
    }

    private FaultWebhook Add(FaultWebhook webhook)
    {
        ImmutableInterlocked.Update(ref _webhooks, static (all, one) => all.Add(one), webhook);
        return webhook;
    }
}

/// <summary>An object on its way to be stored, as a webhook sees it.</summary>
/// <param name="Operation"><c>CREATE</c>, <c>UPDATE</c> or <c>DELETE</c>.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Namespace">Its namespace, or "".</param>
/// <param name="Name">Its name, or "" when it is yet to be generated.</param>
/// <param name="Object">The object; for a deletion the one that goes.</param>
/// <param name="OldObject">The stored object before an update, or null.</param>
/// <param name="User">Who asks.</param>
public sealed record WebhookRequest(string Operation, string Kind, string Namespace, string Name, JsonObject Object, JsonObject? OldObject, string User);

/// <summary>A webhook in place; disposing takes it away.</summary>
internal sealed class FaultWebhook(FaultPlan plan, string name, Action<WebhookRequest>? mutate, Func<WebhookRequest, string?>? validate) : IDisposable
{
    public string Name => name;

    public Action<WebhookRequest>? Mutate => mutate;

    public Func<WebhookRequest, string?>? Validate => validate;

    public void Dispose() => plan.Remove(this);
}

/// <summary>The connection of a request breaks: hosts cut it (TCP) or throw an <see cref="HttpRequestException"/> (in memory).</summary>
internal sealed class ConnectionFault() : Exception("connection reset by peer");
