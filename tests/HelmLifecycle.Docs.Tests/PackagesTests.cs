using System.Diagnostics;
using System.IO.Compression;
using System.Xml.Linq;

namespace HelmLifecycle.Docs.Tests;

/// <summary>The packages are made, are as they should be, and carry the README's example in a new project.</summary>
[Collection(nameof(PagesTests))]
public sealed class PackagesTests(PackedLibraries packages) : IClassFixture<PackedLibraries>
{
    public static TheoryData<string> Libraries => [.. Repository.Libraries];

    [Theory]
    [MemberData(nameof(Libraries))]
    public void A_package_has_what_a_user_looks_for(string library)
    {
        using ZipArchive package = packages.Open(library, "nupkg");
        string[] files = [.. package.Entries.Select(e => e.FullName)];
        files.Should().Contain(["README.md", "icon.png", $"lib/net10.0/{library}.dll", $"lib/net10.0/{library}.xml"]);
        XElement metadata = Metadata(package, library);
        Text(metadata, "readme").Should().Be("README.md");
        Text(metadata, "icon").Should().Be("icon.png");
        Text(metadata, "license").Should().Be("Apache-2.0");
        Text(metadata, "description").Should().NotBeNullOrWhiteSpace().And.NotBe("Package Description");
        Text(metadata, "tags").Should().Contain("helm");
        using ZipArchive symbols = packages.Open(library, "snupkg");
        symbols.Entries.Select(e => e.FullName).Should().Contain($"lib/net10.0/{library}.pdb");
    }

    [Theory]
    [InlineData("HelmLifecycle.Templates")]
    [InlineData("HelmLifecycle.Charts", "HelmLifecycle.Templates")]
    [InlineData("HelmLifecycle.Kubernetes", "HelmLifecycle.Templates", "Microsoft.Extensions.Logging.Abstractions", "Polly.Core")]
    [InlineData("HelmLifecycle.EmbeddedCluster", "HelmLifecycle.Kubernetes")]
    [InlineData("HelmLifecycle", "DiffPlex", "HelmLifecycle.Charts", "HelmLifecycle.Kubernetes", "Microsoft.Extensions.DependencyInjection.Abstractions", "Microsoft.Extensions.Logging.Abstractions")]
    [InlineData("HelmLifecycle.Storage.Sql", "HelmLifecycle", "Microsoft.Data.Sqlite", "Npgsql")]
    public void A_package_needs_only_what_it_uses(string library, params string[] needs)
    {
        using ZipArchive package = packages.Open(library, "nupkg");
        Metadata(package, library).Descendants().Where(e => e.Name.LocalName == "dependency").Select(e => e.Attribute("id")!.Value).Should().BeEquivalentTo(needs);
    }

    [Fact]
    public async Task The_readme_example_runs_in_a_new_project_on_the_packages()
    {
        string folder = packages.NewFolder("user");
        string program = CodeBlock.Read("README.md").First(b => b.IsProgram).Code;
        await File.WriteAllTextAsync(Path.Combine(folder, "Program.cs"), program);
        await File.WriteAllTextAsync(Path.Combine(folder, "user.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <NoWarn>$(NoWarn);NU1603</NoWarn>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="HelmLifecycle" Version="{packages.Version}" />
                <PackageReference Include="HelmLifecycle.EmbeddedCluster" Version="{packages.Version}" />
              </ItemGroup>
            </Project>
            """);
        // The configured sources stay; what they gave already is taken from the common folder, what is new goes into one of its own.
        await File.WriteAllTextAsync(Path.Combine(folder, "NuGet.config"), $"""
            <configuration>
              <config><add key="globalPackagesFolder" value="packages" /></config>
              <fallbackPackageFolders><add key="common" value="{PackedLibraries.CommonPackages}" /></fallbackPackageFolders>
              <packageSources><add key="packed" value="{packages.Folder}" /></packageSources>
            </configuration>
            """);
        string project = Path.Combine(folder, "user.csproj");
        await PackedLibraries.DotnetAsync(folder, "build", project, "-c", "Release", "-v", "q", "--nologo", "-nodeReuse:false");
        string output = await PackedLibraries.DotnetAsync(Repository.Root, Path.Combine(folder, "bin", "Release", "net10.0", "user.dll"));
        output.TrimEnd().Should().EndWith("Rollback to 1: revision 3 is Deployed");
    }

    private static XElement Metadata(ZipArchive package, string library)
    {
        using Stream nuspec = package.GetEntry(library + ".nuspec")!.Open();
        return XDocument.Load(nuspec).Root!.Elements().Single(e => e.Name.LocalName == "metadata");
    }

    private static string? Text(XElement metadata, string name) => metadata.Elements().FirstOrDefault(e => e.Name.LocalName == name)?.Value;
}

/// <summary>The libraries as built beside these tests, packed once into a temporary folder.</summary>
public sealed class PackedLibraries : IAsyncLifetime
{
    private readonly string _root = Directory.CreateTempSubdirectory("helmlifecycle-packages-").FullName;

    public static string CommonPackages => Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } folder
        ? folder
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    public string Folder => Path.Combine(_root, "packed");

    public string Version { get; private set; } = "";

    public async Task InitializeAsync()
    {
        // One build for all of them: starting it is what takes long.
        string all = Path.Combine(NewFolder("pack"), "all.proj");
        string projects = string.Join(';', Repository.Libraries.Select(l => Repository.PathOf("src", l, l + ".csproj")));
        await File.WriteAllTextAsync(all, $"""
            <Project>
              <Target Name="Pack">
                <MSBuild Projects="{projects}" Targets="Pack" Properties="Configuration={Repository.Configuration};NoBuild=true;PackageOutputPath={Folder}" />
              </Target>
            </Project>
            """);
        await DotnetAsync(_root, "msbuild", all, "-t:Pack", "-v:q", "-nologo", "-nodeReuse:false");
        Version = Path.GetFileNameWithoutExtension(Directory.GetFiles(Folder, "HelmLifecycle.Charts.*.nupkg").Single())["HelmLifecycle.Charts.".Length..];
    }

    public Task DisposeAsync()
    {
        Directory.Delete(_root, recursive: true);
        return Task.CompletedTask;
    }

    public string NewFolder(string name) => Directory.CreateDirectory(Path.Combine(_root, name)).FullName;

    public ZipArchive Open(string library, string extension) => ZipFile.OpenRead(Path.Combine(Folder, $"{library}.{Version}.{extension}"));

    public static async Task<string> DotnetAsync(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } self && Path.GetFileNameWithoutExtension(self) == "dotnet" ? self : "dotnet", arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // What the test host was told about its own build is not for this one.
        foreach (string name in (string[])["MSBUILD_EXE_PATH", "MSBuildExtensionsPath", "MSBuildSDKsPath", "MSBuildLoadMicrosoftTargetsReadOnly"])
            start.Environment.Remove(name);
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        process.ExitCode.Should().Be(0, "dotnet {0} says {1} {2}", string.Join(' ', arguments), await output, await error);
        return await output;
    }
}
