using System.Text;

namespace HelmLifecycle.Templates.Tests.Functions;

/// <summary>Renders texts with Sprig's functions, at a fixed time and with a fixed source of randomness.</summary>
internal static class Sprig
{
    public static readonly DateTimeOffset Now = new(2024, 3, 10, 12, 30, 45, TimeSpan.Zero);

    public static string Render(string text, GoValue data = default, RenderOptions? options = null) =>
        GoTemplate.Parse(text, "t").WithFunctions(FunctionTable.Sprig).Render(data, options ?? Options());

    public static string ErrorOf(string text, GoValue data = default, RenderOptions? options = null)
    {
        Action render = () => Render(text, data, options);
        return render.Should().Throw<TemplateException>().Which.Message;
    }

    public static RenderOptions Options(TimeZoneInfo? zone = null) => new() { Time = new FixedClock(zone ?? TimeZoneInfo.Utc), Random = new Counter() };

    private sealed class FixedClock(TimeZoneInfo zone) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Now;

        public override TimeZoneInfo LocalTimeZone => zone;
    }

    /// <summary>Not random at all: the same row of bytes each time.</summary>
    private sealed class Counter : IRandomSource
    {
        private readonly Random _random = new(1);

        public void Fill(Span<byte> bytes) => _random.NextBytes(bytes);
    }

    public static string Latin(string text) => Encoding.Latin1.GetString(GoString.ToBytes(text));
}
