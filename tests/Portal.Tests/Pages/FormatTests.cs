using AspireGateway.Portal.Components.Formats;

namespace AspireGateway.Portal.Tests.Pages;

public sealed class FormatTests
{
    [Theory]
    [InlineData(0, "$0.00")]
    [InlineData(1, "$0.000000001")]
    [InlineData(12_345, "$0.00001235")]
    [InlineData(745_000, "$0.000745")]
    [InlineData(9_999_499, "$0.009999")]
    [InlineData(9_999_500, "$0.01")]
    [InlineData(10_000_000, "$0.01")]
    [InlineData(14_999_999, "$0.01")]
    [InlineData(15_000_000, "$0.02")]
    [InlineData(1_234_567_890_123, "$1,234.57")]
    [InlineData(-745_000, "-$0.000745")]
    [InlineData(-5_000_000_000, "-$5.00")]
    [InlineData(long.MaxValue, "$9,223,372,036.85")]
    public void MoneyText_Amount_ShowsCentsOrFourDigits(long nanoUsd, string text) => Assert.Equal(text, Money.Text(nanoUsd));

    [Fact]
    public void MoneyExact_Amount_ShowsEveryNano()
    {
        Assert.Equal("$1,234.567890123 (1,234,567,890,123 nano-USD)", Money.Exact(1_234_567_890_123));
        Assert.Equal("-$0.000000001 (-1 nano-USD)", Money.Exact(-1));
    }

    [Theory]
    [InlineData(0, "free")]
    [InlineData(150_000_000, "$0.15")]
    [InlineData(75_000_000, "$0.075")]
    [InlineData(10_000_000_000, "$10.00")]
    public void MoneyPrice_OfAMillion_ShowsAtLeastCents(long nanoUsd, string text) => Assert.Equal(text, Money.Price(nanoUsd));

    [Theory]
    [InlineData("0.15", 150_000_000L)]
    [InlineData("0", 0L)]
    [InlineData("0.0000000005", 1L)]
    [InlineData("-1", null)]
    [InlineData("1000001", null)]
    public void MoneyFromDollars_Typed_IsExactOrNothing(string dollars, long? nanoUsd) =>
        Assert.Equal(nanoUsd, Money.FromDollars(decimal.Parse(dollars, System.Globalization.CultureInfo.InvariantCulture)));

    [Theory]
    [InlineData(950, "950")]
    [InlineData(1_234, "1.2 k")]
    [InlineData(99_949, "99.9 k")]
    [InlineData(99_950, "100 k")]
    [InlineData(999_499, "999 k")]
    [InlineData(999_500, "1.0 M")]
    [InlineData(999_500_000, "1.0 B")]
    [InlineData(3_440_000, "3.4 M")]
    [InlineData(5_600_000_000, "5.6 B")]
    public void QuantityBrief_Count_IsShort(long count, string text) => Assert.Equal(text.Replace(' ', '\u00A0'), Quantity.Brief(count));

    [Theory]
    [InlineData(42, "0.04 ms")]
    [InlineData(420, "0.42 ms")]
    [InlineData(4_240, "4.2 ms")]
    [InlineData(850_400, "850 ms")]
    [InlineData(999_499, "999 ms")]
    [InlineData(999_500, "1.00 s")]
    [InlineData(1_240_000, "1.24 s")]
    [InlineData(59_994_999, "59.99 s")]
    [InlineData(59_995_000, "1 min 0 s")]
    [InlineData(125_000_000, "2 min 5 s")]
    public void QuantityDuration_Microseconds_PicksTheUnit(long microseconds, string text) => Assert.Equal(text, Quantity.Duration(microseconds).Replace('\u00A0', ' '));

    [Fact]
    public void QuantityShare_OfNothing_IsNoShare()
    {
        Assert.Equal("–", Quantity.Share(0, 0));
        Assert.Equal("33.3\u00A0%", Quantity.Share(1, 3));
    }

    [Theory]
    [InlineData(-2, "just now")]
    [InlineData(-12, "12 s ago")]
    [InlineData(-185, "3 min ago")]
    [InlineData(-7_200, "2 h ago")]
    [InlineData(-100_000, "1 day ago")]
    [InlineData(-400_000, "4 days ago")]
    [InlineData(400_000, "in 4 days")]
    public void MomentRelative_Distance_IsWords(int seconds, string text) =>
        Assert.Equal(text, Moment.Relative(Drawn.Now.AddSeconds(seconds), Drawn.Now, Drawn.Zone).Replace('\u00A0', ' '));

    [Fact]
    public void MomentRelative_LongAgo_IsTheDateInTheZone() =>
        Assert.Equal("2 Oct 2026", Moment.Relative(new DateTimeOffset(2026, 10, 1, 22, 30, 0, TimeSpan.Zero), Drawn.Now, Drawn.Zone));

    [Fact]
    public void MomentExact_AroundTheEndOfSummerTime_NamesTheOffset()
    {
        var summer = new DateTimeOffset(2026, 10, 25, 0, 30, 0, TimeSpan.Zero);
        Assert.Equal("Sun 25 Oct 2026, 02:30:00 Europe/Berlin (UTC+02:00)", Moment.Exact(summer, Drawn.Zone));
        Assert.Equal("Sun 25 Oct 2026, 02:30:00 Europe/Berlin (UTC+01:00)", Moment.Exact(summer.AddHours(1), Drawn.Zone));
    }

    [Fact]
    public void MomentZone_Unknown_IsUtc() => Assert.Equal(TimeZoneInfo.Utc, Moment.Zone("Mars/Olympus"));

    [Theory]
    [InlineData(110, 100, 1, "up 10.0 % against the day before")]
    [InlineData(75, 100, -1, "down 25.0 % against the day before")]
    [InlineData(100, 100, 0, "level with the day before")]
    [InlineData(5, 0, 1, "nothing the day before")]
    [InlineData(5000, 100, 1, "up × 50 against the day before")]
    public void ChangeOf_TwoFigures_SaysDirectionInWords(double now, double before, int direction, string words)
    {
        var change = Change.Of(now, before);
        Assert.Equal(direction, change.Direction);
        Assert.Equal(words, change.Words.Replace('\u00A0', ' '));
    }

    [Fact]
    public void SeriesColour_SameName_IsAlwaysTheSame()
    {
        Assert.Equal(SeriesColour.Of("gpt-4o"), SeriesColour.Of("gpt-4o"));
        var used = Enumerable.Range(0, 200).Select(i => SeriesColour.Of($"model-{i}")).Distinct().Count();
        Assert.Equal(8, used);
    }
}
