using FsCheck;
using FsCheck.Fluent;

namespace HelmLifecycle.Templates.Tests.Functions;

public class DateTests
{
    [Theory]
    [InlineData("2006-01-02T15:04:05Z07:00", "2024-03-10T12:30:45Z")]
    [InlineData("Mon Jan _2 15:04:05 2006", "Sun Mar 10 12:30:45 2024")]
    [InlineData("Monday, 02-Jan-06 15:04:05 MST", "Sunday, 10-Mar-24 12:30:45 UTC")]
    [InlineData("Mon, 02 Jan 2006 15:04:05 -0700", "Sun, 10 Mar 2024 12:30:45 +0000")]
    [InlineData("3:04PM 03pm", "12:30PM 12pm")]
    [InlineData("20060102150405.000 .999 002 __2 _2006", "20240310123045.000  070  70 _2024")]
    [InlineData("Z0700 Z07 -07:00:00 -07", "Z Z +00:00:00 +00")]
    [InlineData("January Janet Month 1 2 4 5", "March Janet Month 3 10 30 45")]
    public void Layouts_are_written_as_in_Go(string layout, string expected) =>
        Sprig.Render($"{{{{ now | date \"{layout}\" }}}}").Should().Be(expected);

    [Theory]
    [InlineData("{{ dateInZone \"2006-01-02 15:04 MST -0700\" now \"Europe/Berlin\" }}", "2024-03-10 13:30 CET +0100")]
    [InlineData("{{ dateInZone \"15:04 MST\" 1720000000 \"Europe/Berlin\" }}", "11:46 CEST")]
    [InlineData("{{ dateInZone \"15:04 MST\" now \"America/Sao_Paulo\" }}", "09:30 -03")]
    [InlineData("{{ dateInZone \"15:04 MST\" now \"Nowhere\" }}", "12:30 UTC")]
    [InlineData("{{ htmlDate 0 }} {{ htmlDateInZone 0 \"UTC\" }} {{ htmlDate \"x\" }}", "1970-01-01 1970-01-01 2024-03-10")]
    [InlineData("{{ now | dateModify \"-1.5h\" | unixEpoch }} {{ now | unixEpoch }}", "1710068445 1710073845")]
    [InlineData("{{ now | dateModify \"bad\" }}", "2024-03-10 12:30:45 +0000 UTC")]
    [InlineData("{{ toDate \"2006-01-02\" \"2017-12-31\" }} {{ toDate \"2006-01-02\" \"x\" }}", "2017-12-31 00:00:00 +0000 UTC 0001-01-01 00:00:00 +0000 UTC")]
    [InlineData("{{ toDate \"2006-01-02 15:04 -0700\" \"2020-02-29 01:02 +0530\" }}", "2020-02-29 01:02:00 +0530 +0530")]
    [InlineData("{{ toDate \"2006-01-02 15:04 MST\" \"2020-02-29 01:02 CET\" }}", "2020-02-29 01:02:00 +0000 CET")]
    [InlineData("{{ toDate \"Jan 2 2006 3:04:05PM\" \"feb 29 2020 1:02:03.25PM\" }}", "2020-02-29 13:02:03.25 +0000 UTC")]
    [InlineData("{{ now.Year }} {{ now.YearDay }} {{ now.Weekday }} {{ now.Month }} {{ now.Month | int }} {{ now.UTC.Format \"15\" }}", "2024 70 Sunday March 3 12")]
    [InlineData("{{ (now.AddDate 0 -1 21).Format \"2006-01-02\" }} {{ now.Sub (now | dateModify \"-90m\") }} {{ now.IsZero }}", "2024-03-02 1h30m0s false")]
    [InlineData("{{ ago (now | dateModify \"-100s\") }} {{ duration \"95\" }} {{ duration 95 }} {{ duration (int64 95) }}", "1m40s 1m35s 0s 1m35s")]
    [InlineData("{{ durationRound \"2h10m5s\" }} {{ durationRound \"1s\" }} {{ durationRound \"-9000h\" }} {{ durationRound \"800h\" }} {{ durationRound now }}", "2h 0s 1y 1mo 0s")]
    public void Functions_on_dates_follow_Sprig(string text, string expected) => Sprig.Render(text).Should().Be(expected);

    [Theory]
    [InlineData("{{ mustToDate \"2006-01-02\" \"2017-13-31\" }}", "parsing time \"2017-13-31\": month out of range")]
    [InlineData("{{ mustToDate \"2006-01-02\" \"2017-02-30\" }}", "parsing time \"2017-02-30\": day out of range")]
    [InlineData("{{ mustToDate \"2006-01-02\" \"x\" }}", "parsing time \"x\" as \"2006-01-02\": cannot parse \"x\" as \"2006\"")]
    [InlineData("{{ mustToDate \"2006-01-02\" \"2017-12-31T\" }}", "parsing time \"2017-12-31T\": extra text: \"T\"")]
    [InlineData("{{ mustDateModify \"5\" now }}", "time: missing unit in duration \"5\"")]
    [InlineData("{{ mustDateModify \"5d\" now }}", "time: unknown unit \"d\" in duration \"5d\"")]
    [InlineData("{{ mustDateModify \"\" now }}", "time: invalid duration \"\"")]
    [InlineData("{{ unixEpoch 1 }}", "can't handle 1 for arg of type time.Time")]
    public void What_cannot_be_read_gives_the_words_of_Go(string text, string error) => Sprig.ErrorOf(text).Should().EndWith(error);

    [Fact]
    public void Dates_are_shown_in_the_zone_of_the_clock()
    {
        RenderOptions options = Sprig.Options(TimeZoneInfo.FindSystemTimeZoneById("America/New_York"));
        Sprig.Render("{{ now | date \"15:04 MST\" }} {{ toDate \"2006-01-02 15:04\" \"2024-07-01 10:00\" | unixEpoch }}", default, options)
            .Should().Be("08:30 EDT 1719842400");
    }

    [Theory]
    [InlineData(1, "1ns")]
    [InlineData(1100, "1.1\u00B5s")]
    [InlineData(2_200_000, "2.2ms")]
    [InlineData(3_300_000_000, "3.3s")]
    [InlineData(245_000_000_000, "4m5s")]
    [InlineData(18_367_001_000_000, "5h6m7.001s")]
    [InlineData(long.MinValue, "-2562047h47m16.854775808s")]
    public void Durations_are_written_as_in_Go(long nanoseconds, string expected) => GoDuration.Format(nanoseconds).Should().Be(expected);

    [Fact]
    public void Any_duration_written_reads_back_as_itself() =>
        Prop.ForAll(ArbMap.Default.ArbFor<long>(), d => GoDuration.Parse(GoDuration.Format(d), out long read) is null && read == d)
            .Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void Any_time_written_reads_back_as_itself()
    {
        Gen<DateTimeOffset> times = Gen.Choose(0, int.MaxValue).Zip(Gen.Choose(0, 120)).Zip(Gen.Choose(-14 * 60, 14 * 60)).Select(p =>
            new DateTimeOffset(DateTime.MinValue.AddYears(2).AddSeconds(p.Item1.Item1 * (double)p.Item1.Item2).AddTicks(p.Item1.Item1), TimeSpan.Zero).ToOffset(TimeSpan.FromMinutes(p.Item2)));
        Prop.ForAll(Arb.From(times), time =>
        {
            DateTimeOffset read = GoDate.Parse(GoDate.Rfc3339Nano, GoDate.Format(time, GoDate.Rfc3339Nano));
            return (read == time && read.Offset == time.Offset).Label(GoDate.Format(time, GoDate.Rfc3339Nano));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
    }

    [Fact]
    public void Any_time_is_written_as_NET_writes_it() =>
        Prop.ForAll(ArbMap.Default.ArbFor<DateTime>(), time =>
        {
            var utc = new DateTimeOffset(DateTime.SpecifyKind(time, DateTimeKind.Utc));
            string expected = utc.ToString("yyyy-MM-dd HH:mm:ss dddd", System.Globalization.CultureInfo.InvariantCulture);
            return (GoDate.Format(utc, "2006-01-02 15:04:05 Monday") == expected).Label(expected);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void No_layout_and_no_text_raise_anything_but_the_format_exception()
    {
        Gen<string> pieces = Gen.Elements("2006", "01", "Jan", "2", "_2", "__2", "002", "15", "03", "PM", "05", ".000", ".999", "MST", "Z07:00", "-0700", " ", "x", "GMT+3", "+25", "-", "é", "99");
        Gen<string> texts = pieces.ListOf().Select(list => string.Concat(list));
        Prop.ForAll(Arb.From(texts.Zip(texts)), sample =>
        {
            try
            {
                GoDate.Format(Sprig.Now, sample.Item1);
                GoDate.Parse(sample.Item1, sample.Item2);
            }
            catch (FormatException)
            {
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3000));
    }
}
