using System.Reflection;

namespace HelmLifecycle.Docs.Tests;

/// <summary>
/// The public API is recorded, so that a change of it is seen in a review. After a change that is meant:
/// <c>HELMLIFECYCLE_UPDATE_API=1 dotnet test tests/HelmLifecycle.Docs.Tests --filter PublicApi</c>.
/// </summary>
public sealed class PublicApiTests
{
    public static TheoryData<string> Libraries => [.. Repository.Libraries];

    [Theory]
    [MemberData(nameof(Libraries))]
    public void The_public_API_is_the_recorded_one(string library)
    {
        string path = Repository.PathOf("tests", "HelmLifecycle.Docs.Tests", "PublicApi", library + ".txt");
        string listing = PublicApiListing.Write(Assembly.Load(library));
        if (Environment.GetEnvironmentVariable("HELMLIFECYCLE_UPDATE_API") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, listing);
        }

        string[] recorded = File.ReadAllLines(path), now = listing.TrimEnd('\n').Split('\n');
        now.Except(recorded).Should().BeEmpty("new members are recorded");
        recorded.Except(now).Should().BeEmpty("members that are gone break users");
        now.Should().Equal(recorded);
    }
}
