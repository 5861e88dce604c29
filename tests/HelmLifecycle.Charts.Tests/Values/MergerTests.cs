namespace HelmLifecycle.Charts.Tests;

public class MergerTests
{
    private static string Merge(IValuesMerger merger, params ValuesSource[] sources) =>
        TestCharts.Yaml(merger.MergeAsync(sources).AsTask().GetAwaiter().GetResult());

    [Fact]
    public void A_merge_patch_follows_the_order_given_and_its_nulls_delete_at_once() =>
        Merge(
            new JsonMergePatchMerger(), ValuesSource.Set("a.b=set,l={1,2}"), ValuesSource.Yaml("a: {b: file, c: 1}\nl: [3]\ngone: 1"), ValuesSource.Yaml("gone: null\na: {c: null}"))
        .Should().Be("a:\n  b: file\nl:\n- 3\n");

    [Fact]
    public void Lists_of_named_items_are_merged_item_by_item() =>
        Merge(
            new ListMerger(), ValuesSource.Yaml("env: [{name: A, value: 1}, {name: B, value: 2}]\nargs: [x]"), ValuesSource.Yaml("env: [{name: B, value: 3}, {name: C}]\nargs: [z]"))
        .Should().Be("args:\n- z\nenv:\n- name: A\n  value: 1\n- name: B\n  value: 3\n- name: C\n");

    [Fact]
    public void Other_lists_are_replaced_or_appended_as_the_options_say()
    {
        var options = new ListMergerOptions { Otherwise = ListMergePolicy.Append, Paths = new Dictionary<string, ListMergePolicy> { ["a.r"] = ListMergePolicy.Replace } };
        Merge(new ListMerger(options), ValuesSource.Yaml("a: {r: [1], s: [1]}"), ValuesSource.Yaml("a: {r: [2], s: [2]}"))
            .Should().Be("a:\n  r:\n  - 2\n  s:\n  - 1\n  - 2\n");
    }
}
