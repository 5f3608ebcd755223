using AspireGateway.Gateway.Accounting;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Shared.Domain;
using FsCheck;
using FsCheck.Fluent;

namespace AspireGateway.Gateway.Tests.Accounting;

/// <summary>What holds of a cost whatever the price and the usage are.</summary>
public sealed class CostPropertyTests
{
    private static readonly Gen<long> Amount = Gen.OneOf(
        Gen.Constant(0L), Gen.Choose(1, 1000).Select(n => (long)n), Gen.Choose(1, int.MaxValue).Select(n => (long)n), Gen.Choose(1, 1_000_000).Select(n => n * 1_000_000_000L));

    private static readonly Gen<long> Count = Gen.OneOf(Gen.Constant(0L), Gen.Choose(1, 2000).Select(n => (long)n), Gen.Choose(1, int.MaxValue).Select(n => (long)n));

    private static readonly Gen<long> Wild = Gen.OneOf(
        Count, Gen.Choose(1, int.MaxValue).Select(n => -(long)n), Gen.Constant(long.MaxValue), Gen.Constant(long.MinValue), Gen.Choose(1, int.MaxValue).Select(n => (long)n << 31));

    private static readonly Gen<string?> Tier = Gen.Elements<string?>(null, "flex", "priority", "standard", "unheard");

    // Steps that are never cheaper than what they follow, as every vendor's are; then more tokens never cost less.
    private static readonly Gen<PriceComponents> Prices =
        from a in Amount.ArrayOf(12)
        from above in Gen.Choose(1, 3000)
        from tiers in Gen.Choose(0, 2)
        from hasStep in Gen.Elements(true, false)
        select new PriceComponents
        {
            Input = a[0], CacheRead = a[1], CacheWrite = a[2], CacheWrite1h = a[3], Output = a[4], AudioInput = a[5], AudioOutput = a[6],
            Second = a[7], Character = a[8], Search = a[9], Request = a[10], Images = [new() { Price = a[11] }, new() { Size = "s", Price = a[11] + 5 }],
            Steps = hasStep ? [Dearer(a, above, 1), Dearer(a, above + 500, 3)] : null,
            Tiers = [.. new[] { "flex", "priority" }.Take(tiers).Select((name, i) => new PriceTier { Name = name, Input = a[i], Output = a[i + 2], Steps = [new() { Above = above, Input = a[i] * 2, Output = a[i + 2] * 2 }] })],
        };

    [Fact]
    public void MoreOfAnything_NeverCostsLess() => Prop.ForAll(Cases(Count), given =>
    {
        var (price, usage, units, tier) = given.Given;
        var cost = CostCalculator.CostOf(price, usage, units, tier);
        var n = given.More;
        TokenUsage[] more =
        [
            usage with { Input = usage.Input + n }, usage with { CacheRead = usage.CacheRead + n }, usage with { CacheWrite = usage.CacheWrite + n },
            usage with { Output = usage.Output + n },
        ];
        UnitUsage[] moreUnits =
        [
            units with { Images = units.Images + n }, units with { Milliseconds = units.Milliseconds + n }, units with { Characters = units.Characters + n },
            units with { Searches = units.Searches + n },
        ];
        return more.All(m => CostCalculator.CostOf(price, m, units, tier) >= cost) && moreUnits.All(m => CostCalculator.CostOf(price, usage, m, tier) >= cost);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));

    [Fact]
    public void TwoRequests_CostTheirSumUpToRounding_WhereNoStepLiesBetween() => Prop.ForAll(Cases(Count), given =>
    {
        var (price, one, units, _) = given.Given;
        price = price with { Steps = null, Tiers = null, Request = 0 };
        // Parts within their wholes: what is cut off one request would otherwise count in the sum of two.
        units = units with
        {
            AudioInputTokens = Math.Min(units.AudioInputTokens, one.Input), AudioOutputTokens = Math.Min(units.AudioOutputTokens, one.Output),
            CacheWrite1hTokens = Math.Min(units.CacheWrite1hTokens, one.CacheWrite),
        };
        var other = new TokenUsage(given.More, one.CacheRead / 2, one.CacheWrite / 3, given.More / 7, 0);
        var both = new TokenUsage(one.Input + other.Input, one.CacheRead + other.CacheRead, one.CacheWrite + other.CacheWrite, one.Output + other.Output, 0);
        var sum = (Int128)CostCalculator.CostOf(price, one, units, null) + CostCalculator.CostOf(price, other, default, null);
        var together = CostCalculator.CostOf(price, both, units, null);
        return together == long.MaxValue || Int128.Abs(sum - together) <= 1;
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));

    [Fact]
    public void Nonsense_NeitherOverflowsNorPaysBack() => Prop.ForAll(Cases(Wild), given =>
    {
        var (price, usage, units, tier) = given.Given;
        var huge = price with { Input = long.MaxValue, CacheRead = long.MaxValue, Output = long.MaxValue, Second = long.MaxValue, Search = long.MaxValue };
        var negative = price with { Input = -price.Input, CacheRead = long.MinValue, Request = 0 };
        var costs = new[] { price, huge, negative }.Select(p => CostCalculator.CostOf(p, usage, units, tier)).ToArray();
        return costs.All(c => c >= 0) && costs[1] >= costs[0];
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));

    [Fact]
    public void Cost_EqualsBigIntegerArithmetic() => Prop.ForAll(Cases(Count), given =>
    {
        var (price, u, units, _) = given.Given;
        var p = price with { Steps = null };
        var (audioIn, audioOut, hour) = (Math.Min(units.AudioInputTokens, u.Input), Math.Min(units.AudioOutputTokens, u.Output), Math.Min(units.CacheWrite1hTokens, u.CacheWrite));
        System.Numerics.BigInteger Of(long count, long each) => (System.Numerics.BigInteger)count * each;
        var exact =
            (Of(u.Input - audioIn, p.Input) + Of(audioIn, p.AudioInput!.Value) + Of(u.CacheRead, p.CacheRead!.Value) + Of(u.CacheWrite - hour, p.CacheWrite!.Value)
            + Of(hour, p.CacheWrite1h!.Value) + Of(u.Output - audioOut, p.Output) + Of(audioOut, p.AudioOutput!.Value) + Of(units.Characters, p.Character!.Value)) * 1000
            + Of(units.Milliseconds, p.Second!.Value)
            + (Of(units.Images, p.Images![0].Price) + Of(units.Searches, p.Search!.Value) + p.Request) * 1_000_000_000;
        var expected = System.Numerics.BigInteger.Min((exact + 500_000_000) / 1_000_000_000, long.MaxValue);
        return expected == CostCalculator.CostOf(p, u, units, null);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));

    [Fact]
    public void Step_ChangesThePriceAtExactlyItsThreshold() => Prop.ForAll(
        (from above in Gen.Choose(2, int.MaxValue)
         from cached in Gen.Choose(0, above - 1)
         from low in Gen.Choose(1, int.MaxValue)
         from high in Gen.Choose(1, int.MaxValue)
         select (Above: (long)above, Cached: (long)cached, Low: (long)low, High: (long)high)).ToArbitrary(),
        given =>
        {
            var price = new PriceComponents { Input = given.Low, Steps = [new() { Above = given.Above, Input = given.High }] };
            var at = new TokenUsage(given.Above - given.Cached, given.Cached, 0, 0, 0);
            long Flat(long each, long tokens) => CostCalculator.CostOf(new PriceComponents { Input = each }, new TokenUsage(tokens, 0, 0, 0, 0));
            return CostCalculator.CostOf(price, at) == Flat(given.Low, given.Above)
                && CostCalculator.CostOf(price, at with { Input = at.Input + 1 }) == Flat(given.High, given.Above + 1);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    private static PriceStep Dearer(long[] a, long above, int times) => new()
    {
        Above = above, Input = a[0] * (1 + times), CacheRead = a[1] * (1 + times), CacheWrite = a[2] * (1 + times), CacheWrite1h = a[3] * (1 + times),
        Output = a[4] * (1 + times), AudioInput = a[5] * (1 + times), AudioOutput = a[6] * (1 + times),
    };

    private static Arbitrary<((PriceComponents Price, TokenUsage Usage, UnitUsage Units, string? Tier) Given, long More)> Cases(Gen<long> count) =>
        (from price in Prices
         from c in count.ArrayOf(11)
         from tier in Tier
         from more in Gen.Choose(0, 5000)
         select (
             (price, new TokenUsage(c[0], c[1], c[2], c[3], 0),
                 new UnitUsage
                 {
                     Images = c[4], Milliseconds = c[5], Characters = c[6], Searches = c[7], AudioInputTokens = c[8], AudioOutputTokens = c[9], CacheWrite1hTokens = c[10],
                 },
                 tier),
             (long)more)).ToArbitrary();
}
