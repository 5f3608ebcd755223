using AspireGateway.Portal.Costs;

namespace AspireGateway.Portal.Tests.Costs;

public sealed class CostPeriodTests
{
    [Theory]
    [InlineData("month", "2026-11-21", "2026-11-01", "2026-11-22", "2026-10-01", "2026-10-22")]
    [InlineData(null, "2026-03-31", "2026-03-01", "2026-04-01", "2026-02-01", "2026-03-01")]
    [InlineData("last-month", "2026-01-15", "2025-12-01", "2026-01-01", "2025-11-01", "2025-12-01")]
    [InlineData("7d", "2026-11-21", "2026-11-15", "2026-11-22", "2026-11-08", "2026-11-15")]
    [InlineData("90d", "2026-11-21", "2026-08-24", "2026-11-22", "2026-05-26", "2026-08-24")]
    public void Of_Key_IsWholeDaysAndAsManyBefore(string? key, string today, string first, string end, string firstBefore, string endBefore)
    {
        var period = CostPeriod.Of(key, Parse(today));
        Assert.Equal((Parse(first), Parse(end), Parse(firstBefore), Parse(endBefore)), (period.First, period.End, period.FirstBefore, period.EndBefore));
        Assert.True(period.EndBefore <= period.First);
    }

    private static DateOnly Parse(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
}
