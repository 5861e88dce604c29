using System.Globalization;
using System.Net;
using System.Text;

namespace RolloutSamples;

/// <summary>Draws a timeline as one HTML page with nothing beside it: pods, weight and share, and requests per version over time.</summary>
internal static class TimelinePage
{
    private const int Left = 60, Width = 1000, Height = 150, Gap = 60, Top = 30;
    private const string Old = "#2f6fb5", Fresh = "#2e9a57", Bad = "#c43c3c";

    public static string Write(Timeline timeline, IEnumerable<string> facts)
    {
        IReadOnlyList<Moment> moments = timeline.Moments;
        double end = moments.Count == 0 ? 1 : Math.Max(1, moments[^1].At.TotalSeconds);
        double mostPods = Math.Max(1, moments.Select(m => m.Ready.Values.DefaultIfEmpty().Max()).DefaultIfEmpty().Max());
        double mostRequests = Math.Max(1, moments.Select(m => m.Requests).DefaultIfEmpty().Max());
        var svg = new StringBuilder();
        int total = Top + 3 * (Height + Gap);
        svg.Append(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 {Left + Width + 20} {total}\" role=\"img\" aria-label=\"{Text(timeline.Title)}\">\n");

        var pods = new Panel(svg, 0, end, mostPods, "ready pods");
        pods.Steps(moments, m => m.Ready.GetValueOrDefault(timeline.OldVersion), Old);
        pods.Steps(moments, m => m.Ready.GetValueOrDefault(timeline.NewVersion), Fresh);

        var share = new Panel(svg, 1, end, 100, $"% of requests to {timeline.NewVersion}: asked (grey), seen (green)");
        share.Steps(moments, m => m.Weight ?? double.NaN, "#999", 6);
        share.Steps(moments, m => 100 * m.Share(timeline.NewVersion), Fresh);

        var requests = new Panel(svg, 2, end, mostRequests, "requests at a time, by version that answered");
        requests.Area(moments, m => m.Requests, m => m.Requests - m.Answers.GetValueOrDefault(timeline.NewVersion), Fresh);
        requests.Area(moments, m => m.Requests - m.Answers.GetValueOrDefault(timeline.NewVersion), m => m.Failed, Old);
        requests.Area(moments, m => m.Failed, _ => 0, Bad);

        IReadOnlyList<Mark> marks = timeline.Marks;
        for (int i = 0; i < marks.Count; i++)
        {
            string x = Number(Left + marks[i].At.TotalSeconds / end * Width);
            svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{x}\" x2=\"{x}\" y1=\"{Top - 8}\" y2=\"{total - Gap}\" class=\"mark\"><title>{Text(marks[i].Text)}</title></line>");
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{x}\" y=\"{Top - 12 - i % 2 * 10}\" class=\"number\">{i + 1}</text>\n");
        }

        svg.Append("</svg>\n");
        return $$"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <title>{{Text(timeline.Title)}}</title>
            <style>
            body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 1120px; padding: 0 1rem; color: #222; background: #fff; }
            svg { width: 100%; height: auto; }
            svg text { font-size: 12px; fill: #555; }
            .number { text-anchor: middle; font-size: 10px; }
            .mark { stroke: #bbb; stroke-dasharray: 2 4; }
            .axis { stroke: #ddd; }
            .key { display: inline-block; width: 1em; height: .7em; margin: 0 .4em 0 1em; }
            </style>
            </head>
            <body>
            <h1>{{Text(timeline.Title)}}</h1>
            <p><span class="key" style="background:{{Old}}"></span>{{Text(timeline.OldVersion)}}<span class="key" style="background:{{Fresh}}"></span>{{Text(timeline.NewVersion)}}<span class="key" style="background:{{Bad}}"></span>failed requests: {{moments.Sum(m => m.Failed)}} of {{moments.Sum(m => m.Requests)}}</p>
            {{svg}}
            <ol>
            {{string.Join('\n', marks.Select(m => $"<li>{TimelineText.Clock(m.At)} {Text(m.Text)}</li>"))}}
            </ol>
            <ul>
            {{string.Join('\n', facts.Select(f => $"<li>{Text(f)}</li>"))}}
            </ul>
            </body>
            </html>

            """;
    }

    private static string Text(string text) => WebUtility.HtmlEncode(text);

    private static string Number(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    /// <summary>One diagram among those below each other.</summary>
    private sealed class Panel
    {
        private readonly StringBuilder _svg;
        private readonly double _end, _most;
        private readonly int _bottom;

        public Panel(StringBuilder svg, int row, double end, double most, string title)
        {
            (_svg, _end, _most, _bottom) = (svg, end, most, Top + row * (Height + Gap) + Height);
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Left}\" y=\"{_bottom + 34}\">{Text(title)}</text>");
            foreach (double part in (double[])[0, 0.5, 1])
            {
                svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{Left}\" x2=\"{Left + Width}\" y1=\"{Y(part * most)}\" y2=\"{Y(part * most)}\" class=\"axis\"/>");
                svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Left - 8}\" y=\"{Y(part * most)}\" text-anchor=\"end\">{Number(part * most)}</text>");
                svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{X(part * end)}\" y=\"{_bottom + 16}\" text-anchor=\"middle\">{TimelineText.Clock(TimeSpan.FromSeconds(part * end))}</text>\n");
            }
        }

        /// <summary>A line that keeps its height until the next moment; it breaks where there is no number.</summary>
        public void Steps(IReadOnlyList<Moment> moments, Func<Moment, double> value, string color, int width = 2)
        {
            var path = new StringBuilder();
            bool open = false;
            foreach (Moment moment in moments)
            {
                double v = value(moment);
                if (double.IsNaN(v))
                {
                    if (open)
                        path.Append(CultureInfo.InvariantCulture, $"H{X(moment.At.TotalSeconds)}");
                    open = false;
                    continue;
                }

                path.Append(open ? $"H{X(moment.At.TotalSeconds)}V{Y(v)}" : $"M{X(moment.At.TotalSeconds)},{Y(v)}");
                open = true;
            }

            _svg.Append(CultureInfo.InvariantCulture, $"<path d=\"{path}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"{width}\"/>\n");
        }

        public void Area(IReadOnlyList<Moment> moments, Func<Moment, double> upper, Func<Moment, double> lower, string color)
        {
            IEnumerable<string> above = moments.Select(m => $"{X(m.At.TotalSeconds)},{Y(upper(m))}"), below = moments.Reverse().Select(m => $"{X(m.At.TotalSeconds)},{Y(lower(m))}");
            _svg.Append(CultureInfo.InvariantCulture, $"<polygon points=\"{string.Join(' ', above.Concat(below))}\" fill=\"{color}\" fill-opacity=\"0.75\"/>\n");
        }

        private string X(double seconds) => Number(Left + seconds / _end * Width);

        private string Y(double value) => Number(_bottom - value / _most * Height);
    }
}
