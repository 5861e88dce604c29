using HelmLifecycle.Kubernetes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace HelmLifecycle;

/// <summary>Registers the library with a service collection.</summary>
public static class HelmLifecycleServices
{
    /// <summary>
    /// Adds one <see cref="ReleaseClient"/> for the whole application. A <see cref="KubernetesClient"/>, an <see cref="IRevisionStore"/>, a
    /// <see cref="TimeProvider"/> and an <see cref="ILoggerFactory"/> that are registered are used unless <paramref name="configure"/> sets others.
    /// </summary>
    /// <param name="services">The collection.</param>
    /// <param name="configure">Sets the options; null leaves them as they are.</param>
    public static IServiceCollection AddHelmLifecycle(this IServiceCollection services, Action<ReleaseClientOptions, IServiceProvider>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        return services.AddSingleton(provider =>
        {
            var options = new ReleaseClientOptions
            {
                Cluster = provider.GetService<KubernetesClient>(),
                Store = provider.GetService<IRevisionStore>(),
                Time = provider.GetService<TimeProvider>(),
                LoggerFactory = provider.GetService<ILoggerFactory>(),
            };
            configure?.Invoke(options, provider);
            return new ReleaseClient(options);
        });
    }
}
