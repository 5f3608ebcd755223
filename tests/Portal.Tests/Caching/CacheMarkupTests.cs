using AspireGateway.Portal.Caching;
using AspireGateway.Portal.Caching.Figures;
using AspireGateway.Portal.Tests.Pages;
using AspireGateway.Portal.Usage;
using AspireGateway.Shared.Domain.Caching;

namespace AspireGateway.Portal.Tests.Caching;

/// <summary>Policies and figures of the cache as people read them.</summary>
public sealed class CacheMarkupTests
{
    private static readonly CachePolicyRow Policy = new()
    {
        Id = Guid.NewGuid(), ScopeKind = CachePolicyScopes.Team, ScopeId = Guid.NewGuid().ToString(), ScopeName = "Commerce", CreatedAt = Drawn.Now.AddMinutes(-5), CreatedBy = "ada",
        Settings = new() { Mode = CacheModes.Exact, Tools = true, ServeStaleSeconds = 86_400 },
    };

    [Theory]
    [InlineData("exact", null, null, "Exact, shared within the team, 1 hour")]
    [InlineData("exact", "organisation", 5_400, "Exact, shared within the organisation, 90 minutes")]
    [InlineData("exact", "key", 86_400, "Exact, shared by nobody beside the key, 1 day")]
    [InlineData("exact", "user", 61, "Exact, for each user alone, 61 seconds")]
    [InlineData("semantic", null, null, "Similar questions too, shared within the team, 1 hour")]
    [InlineData("off", "organisation", 60, "Off")]
    public void Policy_InWords_SaysWhatIsKept(string mode, string? scope, int? ttl, string words) => Assert.Equal(words, CacheWords.Of(new() { Mode = mode, Scope = scope, TtlSeconds = ttl }));

    [Fact]
    public void Sentence_OfAPolicy_SaysWhoGetsWhoseReply()
    {
        Assert.Equal(
            "A request of team Commerce that says the same as one before, from any key of the same team, gets that one's reply for 1 hour: at once and at no cost.",
            CacheWords.Sentence("team Commerce", CachePolicyScopes.Team, new() { Mode = CacheModes.Exact }));
        Assert.EndsWith("the narrower of both holds.", CacheWords.Sentence("model fast", CachePolicyScopes.Model, new() { Mode = CacheModes.Exact }), StringComparison.Ordinal);
        Assert.Equal(
            "A request of team Commerce that says the same as one before, from any key of the same team, or whose last message asks the same in other words, gets that one's reply for 1 hour: at once and at the cost of one vector.",
            CacheWords.Sentence("team Commerce", CachePolicyScopes.Team, new() { Mode = CacheModes.Semantic, Embedder = "embed" }));
        Assert.Contains("in other forms of the same words", CacheWords.Sentence("team Commerce", CachePolicyScopes.Team, new() { Mode = CacheModes.Semantic }), StringComparison.Ordinal);
        Assert.Equal("Questions as close as 0.85 by their words", CacheWords.More(new() { Mode = CacheModes.Semantic }));
        Assert.Equal("Questions as close as 0.99 by embed; also requests that offer tools", CacheWords.More(new() { Mode = CacheModes.Semantic, Embedder = "embed", Similarity = 0.99, Tools = true }));
        Assert.StartsWith("No reply to requests of key k is kept", CacheWords.Sentence("key k", CachePolicyScopes.Key, new() { Mode = CacheModes.Off }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_OfPolicies_OffersChangesToThoseWhoMay()
    {
        var page = await Drawn.Async<CachePolicyList>((nameof(CachePolicyList.Rows), new[] { Policy }), (nameof(CachePolicyList.MayChange), true));
        Assert.Equal(["Team Commerce"], page.Texts("h2"));
        Assert.Equal(["Exact, shared within the team, 1 hour", "Also requests that offer tools; up to 1 day past its time where providers fail and the model allows it"], page.Texts("p").Take(2));
        Assert.NotNull(page.QuerySelector("button[aria-label='Delete the policy of team Commerce']"));
        Assert.Empty((await Drawn.Async<CachePolicyList>((nameof(CachePolicyList.Rows), new[] { Policy }))).QuerySelectorAll("button"));
    }

    [Fact]
    public async Task Figures_SayRateMoneyAndTime_AndNameWhatHasNoName()
    {
        var sums = UsageSums.None with { Requests = 200, CacheHits = 50, SavedNanoUsd = 12_500_000_000, SavedUs = 60_000_000 };
        var report = new CacheReport
        {
            Range = "7d", Total = sums, Models = [new("", null, sums), new("fast", null, sums)], Routes = [new("chat_completions", null, sums)], Teams = [new(Guid.NewGuid().ToString(), null, sums)],
            Steps = [.. Enumerable.Range(0, 7).Select(i => new CacheStep(Drawn.Now.AddDays(i - 6), 100, i == 6 ? 50 : 0, 0))],
        };
        var page = await Drawn.Async<CacheFiguresView>((nameof(CacheFiguresView.Data), report));
        Assert.Equal(["25.0 %", "50", "$12.50", "$0.00", "1 min 0 s"], page.Texts(".figure-value").Select(t => t.Replace('\u202f', ' ').Replace('\u2009', ' ').Replace('\u00a0', ' ')));
        Assert.Contains("no provider was called for these", page.TextContent, StringComparison.Ordinal);
        var similar = await Drawn.Async<CacheFiguresView>((nameof(CacheFiguresView.Data), report with { Similar = 20 }));
        Assert.Contains("20 of these by a similar question", similar.TextContent, StringComparison.Ordinal);
        Assert.Equal(["no model", "fast", "(deleted)", "chat completions"], page.Texts("td.cell-break"));
        // Half of the requests: the scale goes to the next round share.
        Assert.StartsWith("60", page.Texts(".stacked-scale span")[0], StringComparison.Ordinal);
        Assert.Equal("83.33", page.QuerySelectorAll("svg g")[^1].QuerySelectorAll("rect")[^1].GetAttribute("height"));
    }

    [Fact]
    public async Task Figures_SayWhatProvidersCachesSaved_NetOfWriting()
    {
        var sums = UsageSums.None with { Requests = 4, InputTokens = 1_000, CacheReadTokens = 2_500, CacheWriteTokens = 1_500, PrefixSavedNanoUsd = -1_250_000_000 };
        var report = new CacheReport { Range = "24h", Total = sums, Models = [], Routes = [], Teams = [], Steps = [] };
        var page = await Drawn.Async<CacheFiguresView>((nameof(CacheFiguresView.Data), report));
        var figure = page.QuerySelectorAll(".figure").Single(f => f.TextContent.Contains("providers' caches", StringComparison.Ordinal));
        Assert.Contains("1.25", figure.TextContent, StringComparison.Ordinal);
        Assert.Contains("50.0", figure.TextContent, StringComparison.Ordinal);
        var none = await Drawn.Async<CacheFiguresView>((nameof(CacheFiguresView.Data), report with { Total = UsageSums.None }));
        Assert.Contains("no beginning of a prompt was kept", none.TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, null, null, "")]
    [InlineData("off", null, null, "Providers are not asked to keep beginnings of prompts")]
    [InlineData("auto", null, null, "Providers keep beginnings of prompts that were seen before, from 1,024 tokens on, for 5 minutes after each use")]
    [InlineData("always", "1h", 2_000, "Providers keep beginnings of prompts, from 2,000 tokens on, for 1 hour after each use")]
    public void Policy_InWords_SaysWhatProvidersKeep(string? prefix, string? ttl, int? tokens, string words)
    {
        var settings = new CacheSettings { Mode = CacheModes.Off, Prefix = prefix, PrefixTtl = ttl, PrefixMinTokens = tokens };
        Assert.Equal(words, CacheWords.More(settings).Replace('\u202f', ',').Replace('\u2009', ',').Replace('\u00a0', ','));
        Assert.Equal(CacheSettingsRequest.Of(settings), CachePolicyForm.Of(settings).ToRequest());
        if (words.Length > 0) Assert.EndsWith(words + ".", CacheWords.Sentence("team Commerce", CachePolicyScopes.Team, settings).Replace('\u202f', ',').Replace('\u2009', ',').Replace('\u00a0', ','), StringComparison.Ordinal);
        Assert.Equal(prefix is "auto" or "always" ? "No replies are kept" : "Off", CacheWords.Of(settings));
    }

    [Fact]
    public void Form_OfAPolicy_SendsWhatItShows()
    {
        var settings = new CacheSettings { Mode = CacheModes.Exact, Scope = "user", TtlSeconds = 61, MaxEntryBytes = 2_048, ServeStaleSeconds = 7, Temperature = "zero", Tools = true };
        var form = CachePolicyForm.Of(settings);
        Assert.Equal(CacheSettingsRequest.Of(settings), form.ToRequest());
        // What was set by the API stands among the choices.
        Assert.Contains(form.Times, t => t is { Value: 61, Text: "61 seconds" });
        Assert.Equal(new() { Mode = CacheModes.Exact }, CachePolicyForm.Of(null).ToRequest());
        var semantic = new CacheSettings { Mode = CacheModes.Semantic, Embedder = "embed", Similarity = 0.93 };
        form = CachePolicyForm.Of(semantic);
        Assert.Equal(CacheSettingsRequest.Of(semantic), form.ToRequest());
        Assert.Contains(form.Similarities, s => s is { Value: 0.93, Text: "0.93" });
        Assert.Contains(form.Similarities, s => s is { Value: 0, Text: "As usual (0.97)" });
        // Who compares is chosen: the gateway, models that make vectors, and whoever was set.
        Assert.Equal(["", "embed", "text-embedding"], form.EmbeddersOf(["text-embedding"]).Select(choice => choice.Value));
        Assert.Equal([""], CachePolicyForm.Of(null).EmbeddersOf([]).Select(choice => choice.Value));
        Assert.True(EmbeddersQuery.LooksLikeOne("text-embedding-3-small") && EmbeddersQuery.LooksLikeOne("Voyage-3") && !EmbeddersQuery.LooksLikeOne("gpt-5"));
        // What is for another mode is not sent with this one.
        form.Mode = CacheModes.Exact;
        Assert.Equal(new() { Mode = CacheModes.Exact }, form.ToRequest());
    }
}
