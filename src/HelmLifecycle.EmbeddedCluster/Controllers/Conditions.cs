using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>The list <c>status.conditions</c> and its habits: a change of status moves the transition time; a changed condition goes to the end.</summary>
internal static class Conditions
{
    public static JsonObject? Find(JsonNode? status, string type)
    {
        foreach (JsonNode condition in status.Items("conditions"))
        {
            if (condition.Text("type") == type)
            {
                return (JsonObject)condition;
            }
        }

        return null;
    }

    public static bool IsTrue(JsonNode? status, string type) => Find(status, type).Text("status") == "True";

    public static void Remove(JsonObject status, string type)
    {
        if (status["conditions"] is not JsonArray list)
        {
            return;
        }

        for (int i = list.Count - 1; i >= 0; i--)
        {
            if (list[i].Text("type") == type)
            {
                list.RemoveAt(i);
            }
        }

        if (list.Count == 0)
        {
            status.Remove("conditions");
        }
    }

    /// <summary>
    /// As the workload controllers do: nothing when status and reason are those already there; else the condition is put at the end, and keeps its transition time if only the reason changed.
    /// </summary>
    public static bool Set(JsonObject status, JsonObject condition)
    {
        string type = condition.Text("type")!;
        if (Find(status, type) is { } current)
        {
            if (current.Text("status") == condition.Text("status") && current.Text("reason") == condition.Text("reason"))
            {
                return false;
            }

            if (current.Text("status") == condition.Text("status"))
            {
                condition["lastTransitionTime"] = current.Text("lastTransitionTime");
            }
        }

        Remove(status, type);
        List(status).Add((JsonNode)condition);
        return true;
    }

    /// <summary>As the kubelet and most newer controllers do: changed in its place; the transition time moves only with the status.</summary>
    public static bool Update(JsonObject status, JsonObject condition)
    {
        JsonArray list = List(status);
        for (int i = 0; i < list.Count; i++)
        {
            if (list[i].Text("type") != condition.Text("type"))
            {
                continue;
            }

            if (list[i].Text("status") == condition.Text("status"))
            {
                condition["lastTransitionTime"] = list[i].Text("lastTransitionTime");
            }

            if (JsonNode.DeepEquals(list[i], condition))
            {
                return false;
            }

            list[i] = condition;
            return true;
        }

        list.Add((JsonNode)condition);
        return true;
    }

    private static JsonArray List(JsonObject status)
    {
        if (status["conditions"] is JsonArray list)
        {
            return list;
        }

        list = [];
        status["conditions"] = list;
        return list;
    }
}
