using System.Text;
using System.Text.Json.Nodes;
using HelmLifecycle.Templates;

namespace HelmLifecycle.Tests;

public class RecordedRecordsTests
{
    public static TheoryData<string> Files()
    {
        var data = new TheoryData<string>();
        foreach (string folder in (string[])["storage", "helm4/storage"])
        {
            foreach (string file in Directory.EnumerateFiles(Path.Combine(LifecycleData.Folder, folder), "*.yaml").Order(StringComparer.Ordinal))
            {
                data.Add($"{folder}/{Path.GetFileName(file)}");
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_record_of_Helm_is_read_and_written_back_byte_for_byte(string file)
    {
        string path = Path.Combine(LifecycleData.Folder, file);
        string[] expected = File.ReadAllLines(path.Replace(".yaml", ".decoded.jsonl"));
        var records = Payloads(path).Select(p => (Json: ReleaseCodec.Unpack(p), Release: ReleaseCodec.Decode(p))).OrderBy(r => r.Release.Revision).ToList();
        records.Should().HaveCount(expected.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Encoding.UTF8.GetString(records[i].Json.Span).Should().Be(expected[i]);
            Encoding.UTF8.GetString(ReleaseCodec.EncodeJson(records[i].Release).Span).Should().Be(expected[i]);
            string again = ReleaseCodec.Encode(records[i].Release);
            Encoding.UTF8.GetString(ReleaseCodec.Unpack(again).Span).Should().Be(expected[i]);
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void The_chart_of_a_record_can_be_written_anew(string file)
    {
        foreach (string payload in Payloads(Path.Combine(LifecycleData.Folder, file)))
        {
            var release = ReleaseCodec.Decode(payload);
            var anew = release with { Chart = release.Chart };
            WithoutTimes(ReleaseCodec.EncodeJson(anew)).Should().Be(WithoutTimes(ReleaseCodec.EncodeJson(release)));
        }
    }

    [Fact]
    public void A_payload_begins_with_the_gzip_header_of_Go()
    {
        byte[] bytes = Convert.FromBase64String(ReleaseCodec.Encode(new Release { Name = "r" }));
        bytes[..10].Should().Equal(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255);
    }

    [Fact]
    public void A_record_from_before_compression_is_read()
    {
        string payload = Convert.ToBase64String("{\"name\":\"old\",\"version\":3,\"info\":{\"status\":\"deployed\"}}"u8);
        var release = ReleaseCodec.Decode(payload);
        release.Name.Should().Be("old");
        release.Revision.Should().Be(3);
        release.Status.Should().Be(ReleaseStatus.Deployed);
    }

    [Theory]
    [InlineData("not base64!")]
    [InlineData("H4sIAAAAAAAC/w==")]
    [InlineData("eyJuYW1lIjo=")]
    [InlineData("W10=")]
    [InlineData("eyJ2ZXJzaW9uIjoiYSJ9")]
    public void What_is_no_record_is_refused_with_a_typed_exception(string payload) =>
        FluentActions.Invoking(() => ReleaseCodec.Decode(payload)).Should().Throw<ReleaseRecordException>();

    [Fact]
    public void Texts_are_escaped_as_Go_does()
    {
        var release = new Release { Name = "r", Manifest = "<a>&\u2028\"\\\t\b\u0001é😀" };
        Encoding.UTF8.GetString(ReleaseCodec.EncodeJson(release).Span).Should()
            .Contain("\"manifest\":\"\\u003ca\\u003e\\u0026\\u2028\\\"\\\\\\t\\b\\u0001é😀\"");
    }

    private static IEnumerable<string> Payloads(string path)
    {
        var root = (JsonObject)HelmYaml.ReadJson(File.ReadAllText(path))!;
        foreach (var item in root["items"] as JsonArray ?? [root.DeepClone()])
        {
            string data = item!["data"]!["release"]!.GetValue<string>();
            yield return item["kind"]!.GetValue<string>() == "Secret" ? Encoding.UTF8.GetString(Convert.FromBase64String(data)) : data;
        }
    }

    // The times of files are kept of what was read, and not known of what is made anew.
    private static string WithoutTimes(ReadOnlyMemory<byte> json)
    {
        var root = JsonNode.Parse(json.Span)!;
        var chart = (JsonObject)root["chart"]!;
        chart.Remove("modtime");
        foreach (string key in (string[])["templates", "files"])
        {
            if (chart[key] is not JsonArray files) continue;
            foreach (var file in files) ((JsonObject)file!).Remove("modtime");
        }

        return root.ToJsonString();
    }
}
