using System.Text;

namespace HelmLifecycle.Tests;

public sealed class ReleaseCodecTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(64 * 1024)]
    [InlineData(300 * 1024)]
    [InlineData(5 * 1024 * 1024)]
    public void A_record_of_any_size_is_read_as_it_was_written(int size)
    {
        var text = new StringBuilder(size);
        for (int i = 0; text.Length < size; i++)
            text.Append(i).Append('\n');
        var release = new Release { Name = "web", Namespace = "default", Revision = 3, Manifest = text.ToString() };

        string payload = ReleaseCodec.Encode(release);

        ReleaseCodec.Decode(payload).Manifest.Should().Be(release.Manifest);
        ReleaseCodec.Unpack(payload).Span.SequenceEqual(ReleaseCodec.EncodeJson(release).Span).Should().BeTrue();
    }

    [Fact]
    public void A_record_from_before_compression_is_read()
    {
        string payload = Convert.ToBase64String(Encoding.UTF8.GetBytes("""{"name":"web","version":2,"manifest":"a: b\n"}"""));
        Release release = ReleaseCodec.Decode(payload);
        release.Name.Should().Be("web");
        release.Revision.Should().Be(2);
    }

    [Theory]
    [InlineData("?", "illegal base64 data")]
    [InlineData("H4sIAAAAAAAC/wAAAAAAAAAA////", "gzip: invalid data")]
    [InlineData("bm8ganNvbg==", "the record is not that of a release: *")]
    public void What_is_no_record_is_refused(string payload, string sentence)
    {
        Action read = () => ReleaseCodec.Decode(payload);
        read.Should().Throw<ReleaseRecordException>().WithMessage(sentence);
    }
}
