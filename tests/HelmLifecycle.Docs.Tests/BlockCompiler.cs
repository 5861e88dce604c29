using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace HelmLifecycle.Docs.Tests;

/// <summary>Compiles blocks as the SDK compiles a program with implicit usings, against the libraries of this repository.</summary>
internal static class BlockCompiler
{
    private static readonly string[] s_implicit =
        ["System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Net.Http", "System.Threading", "System.Threading.Tasks"];

    private static readonly string[] s_common =
    [
        "System.Text.Json", "System.Text.Json.Nodes", "System.Text.Json.Serialization", "Microsoft.Extensions.DependencyInjection", "Microsoft.Extensions.Logging", "Xunit",
        "HelmLifecycle", "HelmLifecycle.Charts", "HelmLifecycle.EmbeddedCluster", "HelmLifecycle.Kubernetes", "HelmLifecycle.Storage.Sql", "HelmLifecycle.Templates",
    ];

    // What the pages take as given, and the few members of the official client that a page lends: that package is no dependency of these tests.
    private const string Scope = """
        public static class Scope
        {
            public static HelmLifecycle.ReleaseClient releases = null!;
            public static HelmLifecycle.EmbeddedCluster.EmbeddedCluster cluster = null!;
            public static HelmLifecycle.Kubernetes.KubernetesClient client = null!;
            public static HelmLifecycle.Kubernetes.ClusterConnection connection = null!;
            public static HelmLifecycle.Kubernetes.KubernetesObject deployment = null!;
            public static HelmLifecycle.Charts.Chart chart = null!;
            public static System.Collections.Generic.IReadOnlyList<HelmLifecycle.Charts.ValuesSource> sources = null!;
            public static HelmLifecycle.Plan plan = null!;
            public static HelmLifecycle.Release release = null!;
            public static HelmLifecycle.IRevisionStore store = null!;
            public static Microsoft.Extensions.DependencyInjection.IServiceCollection services = null!;
            public static Microsoft.Extensions.Logging.ILoggerFactory loggerFactory = null!;
            public static System.TimeProvider timeProvider = null!;
            public static System.Threading.CancellationToken ct;
        }

        namespace k8s
        {
            public sealed class KubernetesClientConfiguration
            {
                public static KubernetesClientConfiguration BuildDefaultConfig() => new();
            }

            public sealed class Kubernetes(KubernetesClientConfiguration configuration)
            {
                public KubernetesClientConfiguration Configuration => configuration;
                public System.Net.Http.HttpClient HttpClient { get; } = new();
                public System.Uri BaseUri { get; } = new("https://localhost");
            }
        }
        """;

    private static readonly CSharpParseOptions s_parse = new(LanguageVersion.Latest);

    private static readonly MetadataReference[] s_references =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(f => !Path.GetFileName(f).StartsWith("HelmLifecycle.Docs.", StringComparison.Ordinal))
            .Select(f => MetadataReference.CreateFromFile(f))];

    /// <returns>The compiled program or library, and what the compiler complains of.</returns>
    public static (byte[] Assembly, IReadOnlyList<string> Errors) Compile(CodeBlock block)
    {
        SyntaxTree code = CSharpSyntaxTree.ParseText(block.Code, s_parse, block.Page);
        bool isProgram = code.GetCompilationUnitRoot().Members.Any(m => m is GlobalStatementSyntax);
        // A block that shows the library's usings is a whole program and must stand without any other.
        bool isWhole = block.IsProgram && block.Code.StartsWith("using HelmLifecycle", StringComparison.Ordinal);
        string usings = string.Concat((isWhole ? s_implicit : [.. s_implicit, .. s_common]).Select(n => $"global using {n};\n"));
        List<SyntaxTree> trees = [code, CSharpSyntaxTree.ParseText(usings + (isWhole ? "" : "global using static Scope;\n"), s_parse)];
        if (!isWhole)
            trees.Add(CSharpSyntaxTree.ParseText(Scope, s_parse));
        var options = new CSharpCompilationOptions(
            isProgram ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable);
        using var stream = new MemoryStream();
        CSharpGeneratorDriver.Create(JsonGenerators(), parseOptions: s_parse)
            .RunGeneratorsAndUpdateCompilation(CSharpCompilation.Create("Block" + block.Line, trees, s_references, options), out Compilation compilation, out _);
        var result = compilation.Emit(stream);
        return (stream.ToArray(), [.. result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error).Select(d => Told(block, d))]);
    }

    /// <returns>What it printed.</returns>
    public static async Task<string> RunAsync(CodeBlock block)
    {
        (byte[] bytes, IReadOnlyList<string> errors) = Compile(block);
        errors.Should().BeEmpty();
        var context = new AssemblyLoadContext(block.ToString(), isCollectible: true);
        string folder = Environment.CurrentDirectory;
        TextWriter output = Console.Out;
        using var text = new StringWriter();
        try
        {
            Environment.CurrentDirectory = Repository.Root;
            Console.SetOut(text);
            MethodInfo entry = context.LoadFromStream(new MemoryStream(bytes)).EntryPoint!;
            // The compiler's entry point waits for the asynchronous one, whose name is in angle brackets.
            MethodInfo main = entry.DeclaringType!.GetMethod("<Main>$", BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public) ?? entry;
            object? result = main.Invoke(null, main.GetParameters().Length == 0 ? [] : [Array.Empty<string>()]);
            if (result is Task task)
                await task;
        }
        finally
        {
            Console.SetOut(output);
            Environment.CurrentDirectory = folder;
            context.Unload();
        }

        return text.ToString();
    }

    // System.Text.Json's source generator, as the SDK brings it: it lies with the targeting pack.
    private static IEnumerable<ISourceGenerator> JsonGenerators()
    {
        string dotnet = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        string file = Directory.EnumerateFiles(Path.Combine(dotnet, "packs", "Microsoft.NETCore.App.Ref"), "System.Text.Json.SourceGeneration.dll", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal).Last();
        return Assembly.LoadFrom(file).GetTypes().Where(t => t.IsDefined(typeof(GeneratorAttribute)))
            .Select(t => Activator.CreateInstance(t) is IIncrementalGenerator incremental ? incremental.AsSourceGenerator() : (ISourceGenerator)Activator.CreateInstance(t)!);
    }

    private static string Told(CodeBlock block, Diagnostic d) =>
        $"{block.Page}:{block.Line + d.Location.GetLineSpan().StartLinePosition.Line + 1}: {d.Id} {d.GetMessage()}";
}
