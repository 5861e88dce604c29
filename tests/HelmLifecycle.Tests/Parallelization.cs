// Virtual time moves when the process is quiet, so tests that wait on it do not run beside each other.
[assembly: Xunit.CollectionBehavior(DisableTestParallelization = true)]
