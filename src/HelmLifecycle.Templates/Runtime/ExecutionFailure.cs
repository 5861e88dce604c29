using System.Text;

namespace HelmLifecycle.Templates;

/// <summary>
/// The execution of a template failed. As Go's ExecError it names the place and wraps its cause, which may be another failure
/// in an included template; the whole text is put together only when someone asks.
/// </summary>
internal sealed class ExecutionFailure : Exception
{
    private readonly string _file;
    private readonly string _template;
    private readonly string _context;
    private readonly string _reason;

    internal ExecutionFailure(Template template, Node? node, string reason, Exception? cause = null)
        : base(reason, cause)
    {
        _file = template.Source.Name;
        _template = template.Name;
        _reason = reason;
        _context = node?.ToString() ?? "";
        if (node is not null)
            (Line, Column) = template.Source.Locate(node.Position);
    }

    internal int Line { get; }

    internal int Column { get; }

    internal string File => _file;

    private string Location => $"{_file}:{Line}:{Column}";

    private string Head => $"template: {Location}: executing {Strconv.Quote(_template)} at <{_context}>: {_reason}";

    /// <summary>The text of Go's error.</summary>
    public override string Message
    {
        get
        {
            var text = new StringBuilder();
            Exception? failure = this;
            while (failure is ExecutionFailure link)
            {
                if (text.Length > 0)
                    text.Append(": ");
                text.Append(link.Head);
                failure = link.InnerException;
            }

            return failure is null ? text.ToString() : text.Append(": ").Append(failure.Message).ToString();
        }
    }

    /// <summary>
    /// The error as Helm 4 shows it: the message of <c>required</c> or <c>fail</c> with its place; or a frame for each nested template,
    /// outermost first; or Go's text, when the cause at the bottom is no template's.
    /// </summary>
    internal TemplateException ToTemplateException() => new(HelmMessage(), this)
    {
        TemplateName = _file,
        Line = Line,
        Column = Column,
    };

    private string HelmMessage()
    {
        if (Cause is { } bottom)
        {
            string message = bottom.Message;
            int start = message.IndexOf(FlowFunctions.MessageStart, StringComparison.Ordinal);
            int end = message.LastIndexOf(FlowFunctions.MessageEnd, StringComparison.Ordinal);
            if (start >= 0 && end >= start + FlowFunctions.MessageStart.Length)
                return $"execution error at ({Location}): {message[(start + FlowFunctions.MessageStart.Length)..end]}";
        }

        var frames = new StringBuilder();
        string last = "";
        Exception? failure = this;
        while (failure is not null)
        {
            if (Frame(failure) is not { } frame)
                return Message;
            if (frame != last)
                frames.Append(frame);
            last = frame;
            failure = failure.InnerException;
        }

        return frames.ToString().Trim(' ', '\n', '\t', '\r', '\v', '\f', '\u0085', '\u00A0');
    }

    // The bottom of the chain, which is no failure of a template but of a function.
    private Exception? Cause
    {
        get
        {
            Exception? failure = this;
            while (failure is ExecutionFailure link)
                failure = link.InnerException;
            return failure;
        }
    }

    // Helm finds the parts of a frame by searching Go's text. Where that text holds the marks itself, what it finds is odd, and so here.
    private static string? Frame(Exception failure)
    {
        const string prefix = "template: ";
        string text = failure is ExecutionFailure link
            ? link.InnerException is { } inner ? link.Head + ": " + Beginning(inner) : link.Head
            : failure.Message;
        if (!text.StartsWith(prefix, StringComparison.Ordinal))
            return null;
        string rest = text[prefix.Length..];
        if (rest.StartsWith("no template ", StringComparison.Ordinal))
            return text + "\n";
        const string executing = ": executing ";
        int at = rest.IndexOf(executing, StringComparison.Ordinal);
        if (at >= 0)
        {
            string location = rest[..at];
            string after = rest[(at + executing.Length)..];
            int endQuote = after.Length > 1 && after[0] == '"' ? after.IndexOf('"', 1) : -1;
            if (endQuote < 0 || !after.AsSpan(endQuote + 1).StartsWith(" at <", StringComparison.Ordinal))
                return null;
            int contextStart = endQuote + 1 + " at <".Length;
            int contextEnd = after.IndexOf(">: ", contextStart, StringComparison.Ordinal);
            if (contextEnd < 0)
                return null;
            string message = CutChained(after[(contextEnd + 3)..]);
            return $"{location}\n  executing \"{after[1..endQuote]}\" at <{after[contextStart..contextEnd]}>:\n    "
                + (message.Length == 0 ? "" : message + "\n");
        }

        int colon = rest.IndexOf(": ", StringComparison.Ordinal);
        if (colon < 0)
            return null;
        string simple = CutChained(rest[(colon + 2)..]);
        return $"{rest[..colon]}\n  " + (simple.Length == 0 ? "" : simple + "\n");
    }

    // Enough of a nested error to see whether it is a template's.
    private static string Beginning(Exception inner) => inner is ExecutionFailure ? "template: " : inner.Message;

    private static string CutChained(string message)
    {
        int cut = message.IndexOf(" template:", StringComparison.Ordinal);
        return cut < 0 ? message : message[..cut];
    }
}
