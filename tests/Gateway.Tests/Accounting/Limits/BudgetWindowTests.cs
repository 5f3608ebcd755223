using AspireGateway.Shared.Domain.Limits;
using FsCheck;
using FsCheck.Fluent;

namespace AspireGateway.Gateway.Tests.Accounting.Limits;

public sealed class BudgetWindowTests
{
    private static readonly string[] Zones =
    [
        "UTC", "Europe/Berlin", "America/Sao_Paulo", "Asia/Tehran", "Pacific/Apia", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu",
        "Africa/Casablanca", "America/Havana", "Pacific/Kiritimati", "Asia/Beirut",
    ];

    private static readonly string[] Calendar = [BudgetPeriods.Daily, BudgetPeriods.Weekly, BudgetPeriods.Monthly];

    [Theory]
    // Midnight belongs to the new day.
    [InlineData(BudgetPeriods.Daily, "UTC", "2026-03-09T23:59:59.9999999Z", "2026-03-09T00:00Z", "2026-03-10T00:00Z")]
    [InlineData(BudgetPeriods.Daily, "UTC", "2026-03-10T00:00Z", "2026-03-10T00:00Z", "2026-03-11T00:00Z")]
    // Months of all lengths, a leap day, the year's end.
    [InlineData(BudgetPeriods.Monthly, "UTC", "2028-02-29T12:00Z", "2028-02-01T00:00Z", "2028-03-01T00:00Z")]
    [InlineData(BudgetPeriods.Monthly, "UTC", "2027-02-28T23:59:59Z", "2027-02-01T00:00Z", "2027-03-01T00:00Z")]
    [InlineData(BudgetPeriods.Monthly, "UTC", "2026-12-31T23:59:59Z", "2026-12-01T00:00Z", "2027-01-01T00:00Z")]
    [InlineData(BudgetPeriods.Monthly, "Europe/Berlin", "2026-12-31T23:30Z", "2026-12-31T23:00Z", "2027-01-31T23:00Z")]
    [InlineData(BudgetPeriods.Daily, "UTC", "2028-02-29T00:00Z", "2028-02-29T00:00Z", "2028-03-01T00:00Z")]
    // ISO weeks run over the new year: 2026-12-31 is a Thursday; 2027-01-03 a Sunday.
    [InlineData(BudgetPeriods.Weekly, "UTC", "2027-01-03T23:59:59Z", "2026-12-28T00:00Z", "2027-01-04T00:00Z")]
    [InlineData(BudgetPeriods.Weekly, "UTC", "2027-01-04T00:00Z", "2027-01-04T00:00Z", "2027-01-11T00:00Z")]
    // Berlin: 23 hours in spring, 25 in autumn; weeks and months with the change in them.
    [InlineData(BudgetPeriods.Daily, "Europe/Berlin", "2026-03-29T12:00Z", "2026-03-28T23:00Z", "2026-03-29T22:00Z")]
    [InlineData(BudgetPeriods.Daily, "Europe/Berlin", "2026-10-25T12:00Z", "2026-10-24T22:00Z", "2026-10-25T23:00Z")]
    [InlineData(BudgetPeriods.Weekly, "Europe/Berlin", "2026-10-25T12:00Z", "2026-10-18T22:00Z", "2026-10-25T23:00Z")]
    [InlineData(BudgetPeriods.Monthly, "Europe/Berlin", "2026-03-15T12:00Z", "2026-02-28T23:00Z", "2026-03-31T22:00Z")]
    // São Paulo: on 2018-11-04 midnight did not exist, the day began at 01:00 = 03:00 UTC; on 2018-02-18 the day before had its last hour twice.
    [InlineData(BudgetPeriods.Daily, "America/Sao_Paulo", "2018-11-04T02:59:59Z", "2018-11-03T03:00Z", "2018-11-04T03:00Z")]
    [InlineData(BudgetPeriods.Daily, "America/Sao_Paulo", "2018-11-04T03:00Z", "2018-11-04T03:00Z", "2018-11-05T02:00Z")]
    [InlineData(BudgetPeriods.Daily, "America/Sao_Paulo", "2018-02-18T02:30Z", "2018-02-17T02:00Z", "2018-02-18T03:00Z")]
    // Havana repeats midnight: the day begins at the first of the two.
    [InlineData(BudgetPeriods.Daily, "America/Havana", "2025-11-02T04:30Z", "2025-11-02T04:00Z", "2025-11-03T05:00Z")]
    [InlineData(BudgetPeriods.Daily, "America/Havana", "2025-11-02T05:30Z", "2025-11-02T04:00Z", "2025-11-03T05:00Z")]
    // Tehran, half an hour off, skipped midnight on 2022-03-22.
    [InlineData(BudgetPeriods.Daily, "Asia/Tehran", "2022-03-21T20:30Z", "2022-03-21T20:30Z", "2022-03-22T19:30Z")]
    // Apia left out 2011-12-30: the 29th is followed by the 31st.
    [InlineData(BudgetPeriods.Daily, "Pacific/Apia", "2011-12-30T09:59:59Z", "2011-12-29T10:00Z", "2011-12-30T10:00Z")]
    [InlineData(BudgetPeriods.Daily, "Pacific/Apia", "2011-12-30T10:00Z", "2011-12-30T10:00Z", "2011-12-31T10:00Z")]
    [InlineData(BudgetPeriods.Monthly, "Pacific/Apia", "2011-12-30T10:00Z", "2011-12-01T10:00Z", "2011-12-31T10:00Z")]
    public void Window_OfAMoment_IsTheCalendars(string period, string zone, string at, string start, string end)
    {
        var window = BudgetWindow.Of(period, Moment(at), TimeZoneInfo.FindSystemTimeZoneById(zone), DateTimeOffset.MinValue);

        Assert.Equal((Moment(start), Moment(end)), (window.Start, window.End));
    }

    [Fact]
    public void Total_BeginsWithTheBudget_AndNeverEnds()
    {
        var made = Moment("2026-03-09T10:11:12.1234567Z");

        Assert.Equal(new BudgetWindow(made, DateTimeOffset.MaxValue), BudgetWindow.Of(BudgetPeriods.Total, made.AddYears(9), TimeZoneInfo.Utc, made));
    }

    [Fact]
    public void EveryMoment_LiesInExactlyOneWindow_AndWindowsTile() => Prop.ForAll(Moments().ToArbitrary(), given =>
    {
        var (name, period, at) = given;
        var zone = TimeZoneInfo.FindSystemTimeZoneById(name);
        var window = BudgetWindow.Of(period, at, zone, DateTimeOffset.MinValue);
        return window.Start <= at && at < window.End && window.Start.Offset == TimeSpan.Zero
            && BudgetWindow.Of(period, window.Start, zone, default) == window
            && BudgetWindow.Of(period, window.End.AddTicks(-1), zone, default) == window
            && BudgetWindow.Of(period, window.End, zone, default).Start == window.End
            && BudgetWindow.Of(period, window.Start.AddTicks(-1), zone, default).End == window.Start;
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(20_000));

    // Half of the moments are near a change of the clocks or of the calendar.
    private static Gen<(string Zone, string Period, DateTimeOffset At)> Moments() =>
        from zone in Gen.Elements(Zones)
        from period in Gen.Elements(Calendar)
        from day in Gen.Choose(0, 365 * 40)
        from seconds in Gen.Choose(0, 86_399)
        from near in Gen.Elements(true, false)
        from aside in Gen.Choose(-7_200, 7_200)
        let at = new DateTimeOffset(1995, 1, 1, 0, 0, 0, TimeSpan.Zero).AddDays(day).AddSeconds(seconds)
        select (zone, period, near ? ChangeAfter(TimeZoneInfo.FindSystemTimeZoneById(zone), at).AddSeconds(aside) : at);

    private static DateTimeOffset ChangeAfter(TimeZoneInfo zone, DateTimeOffset at)
    {
        for (var hours = 0; hours < 24 * 370; hours += 6)
        {
            if (zone.GetUtcOffset(at.AddHours(hours)) == zone.GetUtcOffset(at.AddHours(hours + 6))) continue;
            var (low, high) = (at.AddHours(hours), at.AddHours(hours + 6));
            while (high - low > TimeSpan.FromSeconds(1))
            {
                var middle = low + (high - low) / 2;
                if (zone.GetUtcOffset(middle) == zone.GetUtcOffset(low)) low = middle;
                else high = middle;
            }
            return high;
        }
        return at;
    }

    private static DateTimeOffset Moment(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
