using System.Text;
using BenchmarkDotNet.Attributes;
using HelmLifecycle.Charts;

namespace HelmLifecycle.Benchmarks;

/// <summary>An index of 50,000 entries, a thousand charts of fifty versions each, as Helm writes it: about 40 MB.</summary>
[MemoryDiagnoser]
public class RepositoryIndexBenchmarks
{
    private byte[] _text = [];
    private RepositoryIndex _index = null!;

    /// <summary>Writes the index.</summary>
    [GlobalSetup]
    public void Write()
    {
        var text = new StringBuilder("apiVersion: v1\nentries:\n");
        for (int chart = 0; chart < 1000; chart++)
        {
            text.Append($"  chart-{chart:000}:\n");
            for (int version = 49; version >= 0; version--)
            {
                text.Append($"""
                      - annotations:
                          category: Infrastructure
                          images: |
                            - name: chart-{chart:000}
                              image: docker.io/example/chart-{chart:000}:1.{version}.0
                          licenses: Apache-2.0
                        apiVersion: v2
                        appVersion: 1.{version}.0
                        created: "2024-01-02T03:04:05.678901234Z"
                        dependencies:
                        - name: common
                          repository: oci://registry.example.test/charts
                          tags:
                          - example-common
                          version: 2.x.x
                        description: Chart {chart} is one of many that a large repository holds, with a description of usual length.
                        digest: 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
                        home: https://example.test
                        keywords:
                        - one
                        - two
                        maintainers:
                        - name: Example
                          url: https://example.test/charts
                        name: chart-{chart:000}
                        urls:
                        - https://charts.example.test/chart-{chart:000}-1.{version}.0.tgz
                        version: 1.{version}.0

                    """.Replace("\r", "", StringComparison.Ordinal));
            }
        }

        _text = Encoding.UTF8.GetBytes(text.Append("generated: \"2024-01-02T03:04:05.678901234Z\"\n").ToString());
        _index = RepositoryIndex.Read(_text);
    }

    /// <summary>Reads the index: what an update or the first look at a repository costs.</summary>
    [Benchmark]
    public RepositoryIndex Read() => RepositoryIndex.Read(_text);

    /// <summary>Reads it and finds one chart by a range.</summary>
    [Benchmark]
    public ChartVersion ReadAndFind() => RepositoryIndex.Read(_text).Get("chart-777", "~1.20");

    /// <summary>Reads it and decodes every entry.</summary>
    [Benchmark]
    public int ReadAndDecodeAll()
    {
        RepositoryIndex index = RepositoryIndex.Read(_text);
        return index.Names.Sum(name => index.Versions(name).Count);
    }

    /// <summary>Searches an index that was searched before.</summary>
    [Benchmark]
    public int Search() => _index.Search("one of many").Count();
}
