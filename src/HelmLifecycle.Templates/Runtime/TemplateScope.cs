using System.Diagnostics.CodeAnalysis;

namespace HelmLifecycle.Templates;

/// <summary>
/// The templates that can be called by name: those of a set, or those of a text given to <c>tpl</c> laid over the ones around it.
/// Go copies the whole set for each <c>tpl</c>; a layer does the same without copying.
/// </summary>
internal sealed class TemplateScope(TemplateScope? parent, Dictionary<string, Template> templates)
{
    /// <summary>A layer with the templates of a text over <paramref name="parent"/>; empty ones replace none.</summary>
    internal static TemplateScope Over(TemplateScope parent, ParsedText text)
    {
        var layer = new Dictionary<string, Template>(text.Named.Length, StringComparer.Ordinal);
        foreach (Template template in text.Named)
        {
            if (!template.IsEmpty || !parent.TryFind(template.Name, out _))
                layer[template.Name] = template;
        }

        return layer.Count == 0 ? parent : new TemplateScope(parent, layer);
    }

    internal bool TryFind(string name, [NotNullWhen(true)] out Template? template)
    {
        for (TemplateScope? scope = this; scope is not null; scope = scope.Parent)
        {
            if (scope.Templates.TryGetValue(name, out template))
                return true;
        }

        template = null;
        return false;
    }

    private TemplateScope? Parent { get; } = parent;

    private Dictionary<string, Template> Templates { get; } = templates;
}
