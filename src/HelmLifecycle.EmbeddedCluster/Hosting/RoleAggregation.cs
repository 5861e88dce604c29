using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>Fills the rules of aggregated ClusterRoles from the roles their selectors name.</summary>
internal sealed class RoleAggregation
{
    private static readonly ResourceKey s_roles = new("rbac.authorization.k8s.io", "clusterroles");
    private static readonly Caller s_caller = Caller.Controller("clusterrole-aggregation-controller");

    private readonly ApiServer _server;
    private int _scheduled;

    public RoleAggregation(ApiServer server)
    {
        _server = server;
        server.Store.Subscribe(change =>
        {
            if (change.Resource == s_roles && Interlocked.Exchange(ref _scheduled, 1) == 0)
            {
                server.Clock.Schedule(Aggregate, TimeSpan.Zero);
            }
        });
    }

    private void Aggregate()
    {
        Interlocked.Exchange(ref _scheduled, 0);
        foreach (StoredObject role in _server.Store.List(s_roles).ToArray())
        {
            if (Json.Array(role.View, "aggregationRule", "clusterRoleSelectors") is not { Count: > 0 } selectors)
            {
                continue;
            }

            var rules = new JsonArray();
            foreach (JsonObject selector in selectors.OfType<JsonObject>())
            {
                LabelSelector labels = LabelSelector.From(selector);
                foreach (StoredObject other in _server.Store.List(s_roles).Where(o => o.Name != role.Name && labels.Matches(Json.Get(o.View, "metadata", "labels"))))
                {
                    foreach (JsonObject rule in Json.Objects(other.View, "rules").Where(r => !rules.Any(known => JsonNode.DeepEquals(known, r))))
                    {
                        rules.Add(rule.DeepClone());
                    }
                }
            }

            if (!Json.SameOrEmpty(rules, role.View["rules"]))
            {
                ((IClusterApi)_server).Modify(s_roles, null, role.Name, json =>
                {
                    json["rules"] = rules;
                    return true;
                }, s_caller);
            }
        }
    }
}
