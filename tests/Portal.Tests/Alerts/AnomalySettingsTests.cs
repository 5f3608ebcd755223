using AspireGateway.Portal.Alerts.Brakes;
using AspireGateway.Portal.Alerts.Policies;
using AspireGateway.Shared.Domain.Anomalies;
using FsCheck;
using FsCheck.Fluent;

namespace AspireGateway.Portal.Tests.Alerts;

/// <summary>Which policy decides, how far it throttles, for how long, and how that is said.</summary>
public sealed class AnomalySettingsTests
{
    private static readonly Guid s_team = Guid.NewGuid(), s_key = Guid.NewGuid();
    private static readonly DateTimeOffset s_now = new(2026, 11, 30, 14, 40, 0, TimeSpan.Zero);

    [Fact]
    public void Policy_OfAKey_IsTheNearest_InWhateverOrder() => Prop.ForAll(
        Gen.Elements("key", "team", "organisation", "other key", "other team").ArrayOf(7).ToArbitrary(),
        kinds =>
        {
            var policies = kinds.Distinct(StringComparer.Ordinal).Select(PolicyOf).ToList();
            var expected = new[] { "key", "team", "organisation" }.FirstOrDefault(k => kinds.Contains(k, StringComparer.Ordinal));
            return AnomalyPolicy.Nearest(policies, s_team, s_key)?.CreatedBy == expected;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void Ceiling_IsNeverAboveWhatIsSet_NeverBelowOne_AndRisesWithWhatIsUsual() => Prop.ForAll(
        (from rate in Gen.Elements<int?>(null, 1, 7, 60, 5_000)
         from share in Gen.Elements<double?>(null, 0.05, 0.5, 1, 6)
         from usual in Gen.Choose(0, 100_000)
         select (rate, share, usual: usual / 100.0)).ToArbitrary(),
        given =>
        {
            var settings = new AnomalySettings { OnAnomaly = AnomalyResponses.Throttle, RequestsPerMinute = given.rate, OfUsual = given.share };
            var ceiling = settings.Ceiling(given.usual);
            var share = given.share ?? (given.rate is null ? 1 : (double?)null);
            return ceiling >= 1 && !(ceiling > given.rate) && settings.Ceiling(given.usual * 2 + 1) >= ceiling
                // Where it is not known, what is usual bounds nothing beside a number.
                && (share is null || (given.usual <= 0 && given.rate is not null) || ceiling <= Math.Max(1, Math.Ceiling(share.Value * given.usual)));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    [Theory]
    [InlineData(null, null, 3.2, 4)]
    [InlineData(null, 0.5, 3.2, 2)]
    [InlineData(60, null, 3.2, 60)]
    [InlineData(60, 2.0, 3.2, 7)]
    [InlineData(5, 2.0, 3.2, 5)]
    [InlineData(60, 2.0, 0.0, 60)]
    [InlineData(null, 2.0, 0.0, 1)]
    public void Ceiling_OfBoth_IsTheSmallerOne(int? rate, double? share, double usual, int ceiling) =>
        Assert.Equal(ceiling, new AnomalySettings { OnAnomaly = AnomalyResponses.Throttle, RequestsPerMinute = rate, OfUsual = share }.Ceiling(usual));

    [Theory]
    [InlineData(null, 60)]
    [InlineData(15, 15)]
    [InlineData(0, null)]
    public void Until_IsAnHourWhereNothingIsSet_AndNeverWhereItIsZero(int? minutes, int? after) =>
        Assert.Equal(after is null ? null : s_now.AddMinutes(after.Value), new AnomalySettings { OnAnomaly = AnomalyResponses.Stop, Minutes = minutes }.Until(s_now));

    [Theory]
    [InlineData("stop", null, 60, null, 0, "Key stopped until 15:40 UTC")]
    [InlineData("stop", null, null, null, 0, "Key stopped until somebody lifts it")]
    [InlineData("throttle", 60, 60, null, 0, "Key throttled to 60 requests a minute until 15:40 UTC")]
    [InlineData("throttle", 1, 1_440, null, 0, "Key throttled to 1 request a minute until 1 Dec 14:40 UTC")]
    [InlineData("stop", null, 60, "anomaly watch", 90, "Key was stopped until 15:40 UTC")]
    [InlineData("stop", null, 60, null, 61, "Key was stopped until 15:40 UTC")]
    [InlineData("stop", null, 60, "ann@example.org", 61, "Key was stopped, lifted by ann@example.org at 14:50 UTC")]
    public void Done_IsToldAsItStands(string kind, int? rate, int? minutes, string? endedBy, int later, string words)
    {
        var brake = new KeyBrakeDetails
        {
            Id = default, ScopeId = "", AlertId = default, Reason = "", Kind = kind, RequestsPerMinute = rate, CreatedAt = s_now, Until = minutes is null ? null : s_now.AddMinutes(minutes.Value), EndedBy = endedBy,
            EndedAt = endedBy is null ? null : s_now.AddMinutes(10),
        };
        Assert.Equal(words, BrakeWords.Done(brake, s_now.AddMinutes(later), TimeZoneInfo.Utc));
    }

    [Theory]
    [InlineData("stop", null, null, null, "Stopped for 1 hour")]
    [InlineData("stop", null, null, 0, "Stopped until somebody lifts it")]
    [InlineData("throttle", null, null, 240, "Throttled to its usual rate for 4 hours")]
    [InlineData("throttle", 60, null, 2_880, "Throttled to 60 requests a minute for 2 days")]
    [InlineData("throttle", 1, 0.5, 90, "Throttled to 1 request a minute or 50 % of its usual rate, whichever is less, for 90 minutes")]
    [InlineData("none", null, null, null, "Nothing is done: people are told")]
    public void Policy_InWords_SaysWhatAndForHowLong(string response, int? rate, double? share, int? minutes, string words) =>
        Assert.Equal(words, AnomalyWords.Of(new() { OnAnomaly = response, RequestsPerMinute = rate, OfUsual = share, Minutes = minutes }));

    private static AnomalyPolicy PolicyOf(string what) => new()
    {
        ScopeKind = what.Split(' ')[^1], CreatedBy = what,
        ScopeId = what switch { "key" => s_key.ToString(), "team" => s_team.ToString(), "organisation" => null, _ => Guid.NewGuid().ToString() },
    };
}
