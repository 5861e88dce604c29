using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;

// dotnet run -c Release --project tests/HelmLifecycle.Benchmarks -- [--quick] [BenchmarkDotNet's own switches, such as --filter '*Function*']
bool quick = args.Contains("--quick");
IConfig? config = quick ? DefaultConfig.Instance.AddJob(Job.ShortRun) : null;
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run([.. args.Where(argument => argument != "--quick")], config);
return 0;
