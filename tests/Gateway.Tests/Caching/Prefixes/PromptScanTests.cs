using System.Text;
using AspireGateway.Gateway.Caching.Prefixes;

namespace AspireGateway.Gateway.Tests.Caching.Prefixes;

public sealed class PromptScanTests
{
    private static readonly byte[] Seed = [7];

    [Fact]
    public void Places_AreBehindToolsInstructionsAndTurns_WhateverTheOrderOfTheFields()
    {
        var places = Scan("""{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":[{"type":"text","text":"Yes"}]}],"system":"Be brief","tools":[{"name":"a"},{"name":"b"}]}""");

        Assert.Equal([PrefixKind.Tools, PrefixKind.System, PrefixKind.Turn, PrefixKind.Turn], places.Select(p => p.Kind));
        Assert.Equal([PrefixForm.Block, PrefixForm.Text, PrefixForm.Text, PrefixForm.Block], places.Select(p => p.Form));
        Assert.Equal(places.Select(p => p.Bytes).Order(), places.Select(p => p.Bytes));
        var other = Scan("""{"tools":[{"name":"a"},{"name":"b"}],"system":"Be brief","max_tokens":5,"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":[{"type":"text","text":"Yes"}]}]}""");
        Assert.Equal(places.Select(p => p.Hash), other.Select(p => p.Hash));
    }

    [Fact]
    public void Hashes_OfAConversationThatGoesOn_AreThoseOfItsBeginning()
    {
        var turns = Enumerable.Range(0, 30).Select(i => $$"""{"role":"{{(i % 2 == 0 ? "user" : "assistant")}}","content":"turn {{i}}"}""").ToArray();
        var known = new HashSet<UInt128>();
        for (var count = 1; count <= turns.Length; count += 2)
        {
            var places = PromptScan.Places(
                Encoding.UTF8.GetBytes($$"""{"messages":[{"role":"system","content":"s"},{"role":"developer","content":"d"},{{string.Join(",", turns[..count])}}]}"""), PromptLayout.OpenAiChat, Seed);

            Assert.InRange(places.Count, 2, PromptScan.MostTurns + 1);
            Assert.Equal(1, places.Count(p => p.Kind == PrefixKind.System && p.Bytes > 60));
            if (known.Count > 0)
            {
                Assert.Contains(places[0].Hash, known);
                Assert.Contains(places[^3].Hash, known);
                Assert.DoesNotContain(places[^1].Hash, known);
            }
            known.UnionWith(places.Select(p => p.Hash));
        }
    }

    [Fact]
    public void Hashes_OfTwoTenants_Differ()
    {
        var seeds = new PrefixSeeds([1]);
        var (one, other, body) = (Guid.NewGuid(), Guid.NewGuid(), """{"system":"s","messages":[{"role":"user","content":"Hi"}]}"""u8.ToArray());

        var mine = PromptScan.Places(body, PromptLayout.Anthropic, seeds.OfCaller(one, "m", "Anthropic"));
        Assert.Equal(mine, PromptScan.Places(body, PromptLayout.Anthropic, seeds.OfCaller(one, "m", "Anthropic")));
        foreach (var seed in (byte[][])[seeds.OfCaller(other, "m", "Anthropic"), seeds.OfCaller(one, "n", "Anthropic"), new PrefixSeeds([2]).OfCaller(one, "m", "Anthropic")])
            Assert.Empty(mine.Select(p => p.Hash).Intersect(PromptScan.Places(body, PromptLayout.Anthropic, seed).Select(p => p.Hash)));
    }

    [Theory]
    [InlineData("""{"messages":[{"role":"user","content":""}]}""")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"text","text":""}]}]}""")]
    [InlineData("""{"messages":[{"role":"assistant","content":[{"type":"text","text":"a"},{"type":"thinking","thinking":"b","signature":"c"}]}]}""")]
    [InlineData("""{"messages":[{"role":"assistant","content":[{"type":"redacted_thinking","data":"c"}]}]}""")]
    [InlineData("""{"tools":[{"name":"a","defer_loading":true}]}""")]
    [InlineData("""{"messages":[{"role":"user"}]}""")]
    [InlineData("""{"system":{"a":1},"messages":[3]}""")]
    public void WhatTakesNoMark_HasNone(string body) => Assert.All(Scan(body), place => Assert.Equal(PrefixForm.None, place.Form));

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("""{"messages":[{"role":"user","content":"Hi"}""")]
    [InlineData("""{"messages":7}""")]
    public void WhatIsNoPrompt_HasNoPlaces(string body) => Assert.Empty(Scan(body));

    [Fact]
    public void Bodies_AboveTheBound_HaveNoPlaces()
    {
        string Body(int length) => $$"""{"messages":[{"role":"user","content":"{{new string('a', length)}}"}]}""";

        Assert.Single(Scan(Body(PromptScan.MostBytes - 100)));
        Assert.Empty(Scan(Body(PromptScan.MostBytes)));
    }

    private static List<PrefixPlace> Scan(string body) => PromptScan.Places(Encoding.UTF8.GetBytes(body), PromptLayout.Anthropic, Seed);
}
