namespace HelmLifecycle.Charts.Tests;

public class ValuesBuilderTests
{
    [Fact]
    public void Values_of_every_kind_are_built_by_their_paths()
    {
        GoMap values = new ValuesBuilder()
            .Set("image.tag", "1.27")
            .Set("replicaCount", 3)
            .Set("service.annotations.example\\.test/a", "b")
            .Set("enabled", true)
            .Set("hosts", (string[])["a", "b"])
            .Set("env", [new ValuesBuilder().Set("name", "X").Set("value", "1")])
            .Remove("gone")
            .Build();
        TestCharts.Yaml(values).Should().Be(
            "enabled: true\nenv:\n- name: X\n  value: \"1\"\ngone: null\nhosts:\n- a\n- b\nimage:\n  tag: \"1.27\"\nreplicaCount: 3\nservice:\n  annotations:\n    example.test/a: b\n");
    }

    [Fact]
    public void A_builder_is_not_changed_by_what_is_built_on_it()
    {
        var one = new ValuesBuilder().Set("a.b", 1);
        one.Set("a.c", 2);
        TestCharts.Yaml(one.Build()).Should().Be("a:\n  b: 1\n");
    }

    [Theory]
    [InlineData("")]
    [InlineData("a..b")]
    [InlineData("text.b")]
    public void A_path_that_leads_nowhere_is_refused(string path) =>
        FluentActions.Invoking(() => new ValuesBuilder().Set("text", "x").Set(path, 1)).Should().Throw<ValuesException>();
}
