using AspireGateway.Gateway.Caching.Policies;
using AspireGateway.Gateway.State.Steering;
using AspireGateway.Shared.Domain.Caching;

namespace AspireGateway.Gateway.Tests.Caching.Policies;

public sealed class CachePoliciesTests
{
    private static readonly CacheSettings Exact = new() { Mode = CacheModes.Exact };
    private static readonly CacheSettings Off = new() { Mode = CacheModes.Off };

    [Fact]
    public void For_NoPolicy_KeepsNothing()
    {
        Assert.Null(CachePolicies.None.For("t", "k", "m"));
        Assert.Null(new CachePolicies([Row(CachePolicyScopes.Key, "other", Exact)]).For("t", "k", "m"));
        Assert.True(new CachePolicies([Row(CachePolicyScopes.Organisation, null, Off)]).IsEmpty);
    }

    [Fact]
    public void For_BareSettings_HaveTheDefaults()
    {
        var terms = new CachePolicies([Row(CachePolicyScopes.Organisation, null, Exact)]).For("t", "k", "m")!;

        Assert.Equal((CacheScopes.Team, 3_600, 262_144, 0, false, false),
            (terms.Scope, terms.TtlSeconds, terms.MaxEntryBytes, terms.ServeStaleSeconds, terms.NeedsTemperatureZero, terms.AllowsTools));
    }

    [Fact]
    public void For_NearestScope_DecidesAsAWhole()
    {
        var policies = new CachePolicies(
        [
            Row(CachePolicyScopes.Organisation, null, Exact with { TtlSeconds = 10, Tools = true }), Row(CachePolicyScopes.Team, "t", Off), Row(CachePolicyScopes.Key, "k", Exact with { TtlSeconds = 20 }),
        ]);

        Assert.Equal((10, true), (policies.For("other", "other", "m")!.TtlSeconds, policies.For("other", "other", "m")!.AllowsTools));
        Assert.Null(policies.For("t", "other", "m"));
        Assert.Equal((20, false), (policies.For("t", "k", "m")!.TtlSeconds, policies.For("t", "k", "m")!.AllowsTools));
    }

    [Fact]
    public void PrefixFor_NearestDecides_AndAModelNarrowsOnlyWhereItSaysSomething()
    {
        var policies = new CachePolicies(
        [
            Row(CachePolicyScopes.Organisation, null, Off with { Prefix = PrefixModes.Always, PrefixTtl = PrefixTimes.Hour, PrefixMinTokens = 2_000 }), Row(CachePolicyScopes.Team, "t", Exact), Row(CachePolicyScopes.Key, "k", Off with { Prefix = PrefixModes.Off }),
            Row(CachePolicyScopes.Model, "m", Off with { Prefix = PrefixModes.Auto, PrefixMinTokens = 3_000 }), Row(CachePolicyScopes.Model, "silent", Exact), Row(CachePolicyScopes.Model, "never", Exact with { Prefix = PrefixModes.Off }),
        ]);

        Assert.Equal(new(Always: true, Hour: true, 2_000), policies.PrefixFor("u", "y", "other"));
        Assert.Equal(new(Always: true, Hour: true, 2_000), policies.PrefixFor("u", "y", "silent"));
        Assert.Equal(new(Always: false, Hour: false, 3_000), policies.PrefixFor("u", "y", "m"));
        Assert.Null(policies.PrefixFor("u", "y", "never"));
        // A team's policy that says nothing of it leaves it to the model's.
        Assert.Null(policies.PrefixFor("t", "y", "other"));
        Assert.Equal(new(Always: false, Hour: false, 3_000), policies.PrefixFor("t", "y", "m"));
        Assert.Null(policies.PrefixFor("t", "k", "m"));
        // No reply of these is kept for that.
        Assert.Null(policies.For("u", "y", "other"));
        Assert.True(new CachePolicies([Row(CachePolicyScopes.Organisation, null, Exact)]).HasNoPrefixes);
        Assert.True(new CachePolicies([Row(CachePolicyScopes.Organisation, null, Off with { Prefix = PrefixModes.Auto })]).IsEmpty);
        Assert.Null(new CachePolicies([Row(CachePolicyScopes.Organisation, null, Off with { Prefix = "of a newer portal" })]).PrefixFor("u", "y", "m"));
    }

    [Theory]
    [InlineData(null, "embed", 0.97)]
    [InlineData(0.95, "embed", 0.95)]
    [InlineData(null, null, 0.85)]
    [InlineData(0.95, null, 0.95)]
    [InlineData(0.2, "embed", 0.5)]
    public void For_Similarity_IsThePolicysOrTheEmbeddersDefault(double? set, string? embedder, double holds) =>
        Assert.Equal((float)holds, new CachePolicies([Row(CachePolicyScopes.Model, "m", new() { Mode = CacheModes.Semantic, Embedder = embedder, Similarity = set })]).For("t", "k", "m")!.Semantic!.Similarity);

    [Fact]
    public void For_Model_NarrowsWhoAsksAndHoldsAlone()
    {
        var model = Exact with { Scope = CacheScopes.Key, TtlSeconds = 30, ServeStaleSeconds = 60, Temperature = CacheTemperatures.Zero, Tools = true };
        var policies = new CachePolicies(
        [
            Row(CachePolicyScopes.Team, "t", Exact with { Scope = CacheScopes.Organisation, TtlSeconds = 90 }), Row(CachePolicyScopes.Key, "k", Off), Row(CachePolicyScopes.Model, "m", model),
            Row(CachePolicyScopes.Model, "never", Off),
        ]);

        var narrowed = policies.For("t", "x", "m")!;
        Assert.Equal((CacheScopes.Key, 30, 0, true, false), (narrowed.Scope, narrowed.TtlSeconds, narrowed.ServeStaleSeconds, narrowed.NeedsTemperatureZero, narrowed.AllowsTools));
        Assert.Equal((CacheScopes.Organisation, 90), (policies.For("t", "x", "other")!.Scope, policies.For("t", "x", "other")!.TtlSeconds));
        Assert.Null(policies.For("t", "x", "never"));
        Assert.Null(policies.For("t", "k", "m"));
        Assert.Equal((CacheScopes.Key, 60, true), (policies.For("u", "y", "m")!.Scope, policies.For("u", "y", "m")!.ServeStaleSeconds, policies.For("u", "y", "m")!.AllowsTools));
        Assert.Null(policies.For("u", "y", "other"));
    }

    [Fact]
    public void For_ValuesOutOfRange_AreTakenAsTheSafeOnes()
    {
        var terms = new CachePolicies([Row(CachePolicyScopes.Organisation, null, new()
        {
            Mode = CacheModes.Exact, Scope = "everybody", TtlSeconds = int.MaxValue, MaxEntryBytes = 1, ServeStaleSeconds = -5, Temperature = "lukewarm",
        })]).For("t", "k", "m")!;

        Assert.Equal((CacheScopes.User, CacheSettings.MaxTtlSeconds, CacheSettings.SmallestMaxEntryBytes, 0, true),
            (terms.Scope, terms.TtlSeconds, terms.MaxEntryBytes, terms.ServeStaleSeconds, terms.NeedsTemperatureZero));
        Assert.Null(new CachePolicies([Row(CachePolicyScopes.Organisation, null, new() { Mode = "telepathic" })]).For("t", "k", "m"));
        var semantic = new CachePolicies([Row(CachePolicyScopes.Organisation, null, new() { Mode = CacheModes.Semantic, Similarity = -1 })]).For("t", "k", "m")!.Semantic!;
        Assert.Equal((float)CacheSettings.LeastSimilarity, semantic.Similarity);
    }

    [Fact]
    public void For_Semantic_HasTheDefaultsOfItsEmbedder()
    {
        Assert.Null(new CachePolicies([Row(CachePolicyScopes.Organisation, null, Exact)]).For("t", "k", "m")!.Semantic);
        Assert.Equal(new(null, 0.85f), SemanticOf(Semantic, null));
        Assert.Equal(new("embed", 0.97f), SemanticOf(Semantic with { Embedder = "embed" }, null));
        Assert.Equal(new("embed", 0.95f), SemanticOf(Semantic with { Embedder = "embed", Similarity = 0.95 }, null));
    }

    [Fact]
    public void For_SemanticOfAModel_OnlyNarrows()
    {
        // The closer of both; a model that is exact stays exact; measures of two embedders cannot be compared.
        Assert.Equal(new(null, 0.95f), SemanticOf(Semantic with { Similarity = 0.95 }, Semantic));
        Assert.Equal(new(null, 0.95f), SemanticOf(Semantic, Semantic with { Similarity = 0.95 }));
        Assert.Null(SemanticOf(Semantic, Exact));
        Assert.Null(SemanticOf(Exact, Semantic));
        Assert.Null(SemanticOf(Semantic with { Embedder = "embed" }, Semantic));
    }

    private static CacheSettings Semantic => new() { Mode = CacheModes.Semantic };

    private static SemanticTerms? SemanticOf(CacheSettings organisation, CacheSettings? model) =>
        new CachePolicies(model is null ? [Row(CachePolicyScopes.Organisation, null, organisation)] : [Row(CachePolicyScopes.Organisation, null, organisation), Row(CachePolicyScopes.Model, "m", model)]).For("t", "k", "m")!.Semantic;

    private static CacheRow Row(string kind, string? id, CacheSettings settings) => new(kind, id, settings);
}
