using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HelmLifecycle.Conformance.Cli;

/// <summary>JSON lines in, one answer line out for each, in order, flushed after each.</summary>
public sealed class AnswerLoop(IReadOnlyList<IOperation> operations)
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 1000 };

    private readonly Dictionary<string, IOperation> _operations = operations.ToDictionary(operation => operation.Name);

    public void Run(TextReader input, TextWriter output)
    {
        while (input.ReadLine() is { } line)
        {
            if (string.IsNullOrWhiteSpace(line))
                continue;
            output.Write(AnswerLine(line) + "\n");
            output.Flush();
        }
    }

    public string AnswerLine(string line)
    {
        JsonNode? id = null;
        JsonObject answer;
        try
        {
            JsonObject request = JsonNode.Parse(line, null, new JsonDocumentOptions { MaxDepth = 1000 })!.AsObject();
            id = request["id"]?.DeepClone();
            answer = Answer(request);
        }
        catch (Exception e)
        {
            answer = new JsonObject { ["error"] = Clean(e.Message) };
        }

        var whole = new JsonObject { ["id"] = id };
        foreach ((string key, JsonNode? value) in answer)
            whole[key] = value?.DeepClone();
        return whole.ToJsonString(Plain);
    }

    public JsonObject Answer(JsonObject request)
    {
        string op = (string?)request["op"] ?? "";
        if (!_operations.TryGetValue(op, out IOperation? operation))
            return new JsonObject { ["error"] = $"unknown op {op}" };
        try
        {
            return operation.Answer(request);
        }
        catch (TemplateLimitException e)
        {
            return new JsonObject { ["error"] = Clean(e.Message), ["limit"] = true };
        }
        catch (Exception e)
        {
            return new JsonObject { ["error"] = Clean(e.Message) };
        }
    }

    /// <summary>Text as JSON can carry it: bytes that are not UTF-8 become U+FFFD, as where the answers were recorded.</summary>
    public static string Clean(string text) => Encoding.UTF8.GetString(GoString.ToBytes(text));
}
