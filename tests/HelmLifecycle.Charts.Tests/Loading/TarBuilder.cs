using System.IO.Compression;
using System.Text;

namespace HelmLifecycle.Charts.Tests;

/// <summary>Writes tar archives byte by byte, the ones that no decent program writes among them.</summary>
internal sealed class TarBuilder
{
    private readonly MemoryStream _tar = new();

    internal TarBuilder Add(string name, string text = "", char type = '0', string link = "") => Add(name, Encoding.UTF8.GetBytes(text), type, link);

    internal TarBuilder Add(string name, byte[] data, char type = '0', string link = "")
    {
        var header = new byte[512];
        Put(header, 0, name);
        Put(header, 100, "0000644");
        Put(header, 124, Convert.ToString(data.Length, 8).PadLeft(11, '0'));
        Put(header, 136, "00000000000");
        header[156] = (byte)type;
        Put(header, 157, link);
        Put(header, 257, "ustar\000");
        header.AsSpan(148, 8).Fill((byte)' ');
        Put(header, 148, Convert.ToString(header.Sum(b => b), 8).PadLeft(6, '0'));
        _tar.Write(header);
        _tar.Write(data);
        _tar.Write(new byte[(512 - (data.Length % 512)) % 512]);
        return this;
    }

    internal TarBuilder AddChart(string name = "web") => Add($"{name}/Chart.yaml", $"apiVersion: v2\nname: {name}\nversion: 1.2.3\n");

    internal byte[] Gzip()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(_tar.ToArray());
            gzip.Write(new byte[1024]);
        }

        return packed.ToArray();
    }

    private static void Put(byte[] header, int at, string text) => Encoding.UTF8.GetBytes(text).CopyTo(header, at);
}
