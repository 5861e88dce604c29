using System.Globalization;
using HelmLifecycle.Kubernetes;

namespace HelmLifecycle;

/// <summary>
/// Objects in ordered waves: each is applied, in install order, and ready before the next one begins; what is gone from the chart is deleted last. The wave is the
/// number in the annotation <c>rollout.helmlifecycle.dev/wave</c>, which may be negative; objects without it are in wave 0.
/// </summary>
public sealed class Waves : IRolloutStrategy
{
    /// <summary>The annotation with an object's wave.</summary>
    public const string Annotation = "rollout.helmlifecycle.dev/wave";

    private readonly Func<KubernetesObject, int> _wave;

    /// <summary>Waves by annotation.</summary>
    public Waves()
        : this(ByAnnotation)
    {
    }

    /// <summary>Waves by a function.</summary>
    /// <param name="wave">Tells the wave of an object.</param>
    public Waves(Func<KubernetesObject, int> wave)
    {
        ArgumentNullException.ThrowIfNull(wave);
        _wave = wave;
    }

    /// <inheritdoc/>
    public string Name => "waves";

    /// <inheritdoc/>
    public async Task RolloutAsync(RolloutContext context, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(context);
        foreach (var wave in context.TargetObjects.GroupBy(_wave).OrderBy(w => w.Key).ToList())
        {
            List<KubernetesObject> objects = [.. wave];
            context.Report(new RolloutProgress(Name, string.Create(CultureInfo.InvariantCulture, $"wave {wave.Key}"), string.Join(", ", objects.Select(o => $"{o.Kind}/{o.Name}"))));
            await context.ApplyAsync(objects, false, ct).ConfigureAwait(false);
            await context.WaitAsync(objects, ct).ConfigureAwait(false);
        }

        // All again, of which nothing changes, since what the base alone has is found by comparing with all.
        if (context.Base is not null) await context.ApplyAsync(ct).ConfigureAwait(false);
    }

    private static int ByAnnotation(KubernetesObject o)
    {
        if (o.GetAnnotation(Annotation) is not { } text) return 0;
        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int wave)
            ? wave
            : throw new ReleaseException($"{o.Kind} {o.Name}: the wave \"{text}\" is no whole number");
    }
}
