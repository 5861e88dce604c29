namespace HelmLifecycle.EmbeddedCluster.Tests;

/// <summary>Tests on virtual time do not run beside each other: time waits while anything in the process computes.</summary>
[CollectionDefinition("virtual time")]
public sealed class VirtualTimeCollection;
