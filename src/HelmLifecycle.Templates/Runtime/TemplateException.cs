namespace HelmLifecycle.Templates;

/// <summary>A template could not be parsed or executed. The message is Helm's.</summary>
public class TemplateException : Exception
{
    /// <summary>Makes the exception.</summary>
    public TemplateException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception.</summary>
    public TemplateException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>The template in which it happened, such as <c>web/templates/deployment.yaml</c>; null when unknown.</summary>
    public string? TemplateName { get; init; }

    /// <summary>The line, from 1; 0 when unknown.</summary>
    public int Line { get; init; }

    /// <summary>The column in bytes, from 0 as Go counts.</summary>
    public int Column { get; init; }
}

/// <summary>A render met its budget: depth, steps, output or memory. Real charts do not.</summary>
public sealed class TemplateLimitException : TemplateException
{
    /// <summary>Makes the exception.</summary>
    public TemplateLimitException(string message)
        : base(message)
    {
    }
}
