using System.Net;
using System.Text;

namespace HelmLifecycle;

/// <summary>A plan as one HTML page: no script, no other file.</summary>
internal static class PlanHtml
{
    private const string Style = """
        body{font:15px/1.45 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem;color:#1d2433;background:#fff}
        h1{font-size:1.35rem}h2{font-size:1.05rem;margin-top:1.8rem}
        table{border-collapse:collapse}td,th{padding:.25rem .8rem;border-bottom:1px solid #dfe3ea;text-align:left;vertical-align:top}
        code,pre{font:13px/1.4 ui-monospace,monospace}pre{background:#f6f8fa;padding:.6rem;overflow:auto}
        summary{cursor:pointer;padding:.2rem 0}.a{color:#116329}.d{color:#a40e26}.c{color:#7d4e00}.h{color:#0550ae}
        .w{background:#fff8c5;border-left:4px solid #d4a72c;padding:.4rem .8rem;margin:.4rem 0}
        @media(prefers-color-scheme:dark){body{background:#0d1117;color:#e6edf3}pre{background:#161b22}td,th{border-color:#30363d}
        .a{color:#56d364}.d{color:#ff7b72}.c{color:#e3b341}.h{color:#79c0ff}.w{background:#2d2a15}}
        """;

    public static string Write(Plan plan)
    {
        var html = new StringBuilder();
        string title = Escape(PlanWords.Title(plan));
        html.Append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>").Append(title)
            .Append("</title>\n<style>").Append(Style).Append("</style></head><body>\n<h1>").Append(title).Append("</h1>\n<p>Objects: ")
            .Append(Escape(PlanWords.Counts(plan))).Append("</p>\n");
        foreach (PlanWarning warning in plan.Warnings)
            html.Append("<div class=\"w\"><b>").Append(Escape(warning.Object)).Append("</b> ").Append(Escape(warning.Text)).Append("</div>\n");
        if (plan.Values.Count > 0)
        {
            html.Append("<h2>Values</h2>\n<table><tr><th>value</th><th>before</th><th>after</th></tr>\n");
            foreach (FieldChange change in plan.Values)
            {
                html.Append("<tr><td><code>").Append(Escape(change.Path)).Append("</code></td><td class=\"d\"><code>").Append(Escape(change.Old ?? ""))
                    .Append("</code></td><td class=\"a\"><code>").Append(Escape(change.New ?? "")).Append("</code></td></tr>\n");
            }

            html.Append("</table>\n");
        }

        html.Append("<h2>Resources</h2>\n<table><tr><th></th><th>before</th><th>after</th><th></th></tr>\n");
        foreach ((string name, string before, string after, string change) in PlanWords.Impact(plan.Impact))
            html.Append("<tr><td>").Append(name).Append("</td><td>").Append(before).Append("</td><td>").Append(after).Append("</td><td>").Append(change).Append("</td></tr>\n");
        html.Append("</table>\n");
        if (plan.Hooks.Count > 0)
        {
            html.Append("<h2>Hooks</h2>\n<ol>\n");
            foreach (PlannedHook hook in plan.Hooks)
                html.Append("<li>").Append(hook.Event).Append(" <code>").Append(Escape($"{hook.Kind}/{hook.Name}")).Append("</code> (weight ").Append(hook.Weight).Append(")</li>\n");
            html.Append("</ol>\n");
        }

        html.Append("<h2>Objects</h2>\n");
        foreach (ResourceChange change in plan.Diff.Resources.Where(r => r.Action != ResourceAction.Unchanged))
        {
            string css = PlanWords.Sign(change.Action) switch { '+' => "a", '-' => "d", _ => "c" };
            html.Append("<details open><summary class=\"").Append(css).Append("\"><b>").Append(Escape(change.Title)).Append("</b> ")
                .Append(PlanWords.Verb(change.Action)).Append("</summary>\n<pre>");
            foreach (string line in change.UnifiedText.TrimEnd('\n').Split('\n'))
            {
                string kind = line.Length == 0 ? "" : line[0] switch { '+' => "a", '-' => "d", '@' => "h", _ => "" };
                html.Append(kind.Length == 0 ? Escape(line) : $"<span class=\"{kind}\">{Escape(line)}</span>").Append('\n');
            }

            html.Append("</pre></details>\n");
        }

        return html.Append("</body></html>\n").ToString();
    }

    public static string Escape(string text) => WebUtility.HtmlEncode(text);
}
