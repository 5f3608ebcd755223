using System.Text;
using AspireGateway.Gateway.Content;
using AspireGateway.Gateway.Guardrails.Masking;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.State.Steering;
using AspireGateway.Shared.Content;
using AspireGateway.Shared.Domain.Content;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Tests.Content;

/// <summary>What is made of copied bytes, and how many of them are held.</summary>
public sealed class ContentTests
{
    private static ContentRoom Room(long bytes = 1 << 20) => new(Options.Create(new ContentOptions { MaxHeldBytes = bytes }));

    private static ContentTerms Terms(string? text = null, int? maxBytes = null, double? sample = null) => ContentTerms.Of(new() { Keep = ContentKeeps.Both, Text = text, MaxBytes = maxBytes, Sample = sample })!;

    private static ContentTexts Texts(string prompt, string reply, out bool truncated, bool isStream = false, Placeholders? hidden = null, int? maxBytes = null, Dialect dialect = Dialect.OpenAi, bool isText = true)
    {
        using var capture = new ContentCapture(Terms(maxBytes: maxBytes), Room(1 << 26)) { IsStream = isStream, IsText = isText, Dialect = dialect, Placeholders = hidden };
        capture.Prompt.Append(Encoding.UTF8.GetBytes(prompt));
        // As it comes: in pieces.
        foreach (var piece in Encoding.UTF8.GetBytes(reply).Chunk(7)) capture.Reply.Append(piece);
        return ContentAssembly.Of(capture, out truncated);
    }

    private static Placeholders Masked(params (string Type, string Value)[] values)
    {
        var placeholders = new Placeholders();
        foreach (var (type, value) in values) placeholders.Of(type, value, restores: true, "");
        return placeholders;
    }

    [Fact]
    public void Stream_IsKeptAsItsWords_InEachDialect()
    {
        const string Chat = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hel\"}}]}\n\ndata: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"lo \\u00e9\"}}]}\n\n: gateway {\"cost_usd\":1}\n\ndata: [DONE]\n\n";
        Assert.Equal("Hello é", Texts("{}", Chat, out var truncated, isStream: true).Reply);
        Assert.False(truncated);
        const string Anthropic = "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"Hel\"}}\n\n"
            + "event: content_block_delta\r\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"lo\"}}\r\n\r\n";
        Assert.Equal("Hello", Texts("{}", Anthropic, out _, isStream: true, dialect: Dialect.Anthropic).Reply);
        const string Responses = "data: {\"type\":\"response.output_text.delta\",\"output_index\":0,\"content_index\":0,\"delta\":\"Hello\"}\n\ndata: {\"type\":\"response.output_text.done\",\"text\":\"Hello\"}\n\n";
        Assert.Equal("Hello", Texts("{}", Responses, out _, isStream: true, dialect: Dialect.OpenAiResponses).Reply);
        // What the dialect does not know stands as it came.
        Assert.Equal("data: {\"other\":\"Hello\"}\n\n", Texts("{}", "data: {\"other\":\"Hello\"}\n\n", out _, isStream: true).Reply);
        const string Call = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"I look.\",\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{\\\"a\\\"\"}}]}}]}\n\ndata: {\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\":1}\"}}]}}]}\n\n";
        Assert.Equal("[answer]\nI look.\n\n[arguments of a call]\n{\"a\":1}", Texts("{}", Call, out _, isStream: true).Reply);
    }

    [Theory]
    [InlineData("""{"choices":[{"message":{"content":"Write to ada@example.org"}}]}""")]
    [InlineData("""{"choices":[{"message":{"content":"Write to \u0061da\u0040example.org"}}]}""")]
    [InlineData("""{"choices":[{"message":{"tool_calls":[{"function":{"arguments":"{\"to\":\"ada@example.org\"}"}}]}}]}""")]
    public void Reply_InWhichAValueWasRestored_IsKeptMasked(string reply)
    {
        var kept = Texts("{}", reply, out _, hidden: Masked(("EMAIL", "ada@example.org"))).Reply;
        Assert.DoesNotContain("example.org", kept, StringComparison.Ordinal);
        Assert.Contains("<EMAIL_1>", kept, StringComparison.Ordinal);
        Assert.NotNull(System.Text.Json.Nodes.JsonNode.Parse(kept!));
    }

    [Fact]
    public void Reply_WithAValueWithinAnother_LosesTheLongerFirst()
    {
        var hidden = Masked(("NAME", "Ada"), ("NAME", "Ada Lovelace"), ("QUOTED", "the \"Countess\""));
        Assert.Equal("<NAME_2> and <NAME_1>, <QUOTED_1>", HiddenText.OfText("Ada Lovelace and Ada, the \"Countess\"", hidden));
        Assert.Equal("{\"n\":\"<QUOTED_1>\"}", HiddenText.OfText("{\"n\":\"the \\\"Countess\\\"\"}", hidden));
    }

    [Fact]
    public void Reply_CutBeforeItCouldBeMasked_IsNotKept()
    {
        var reply = """{"choices":[{"message":{"content":"ada\u0040example.org """ + new string('x', 40_000) + "\"}}]}";
        var kept = Texts("{}", reply, out var truncated, hidden: Masked(("EMAIL", "ada@example.org")), maxBytes: 1_024);
        Assert.Equal((null, true), (kept.Reply, truncated));
        // Without anything to hide its beginning is.
        Assert.Equal(1_024, Encoding.UTF8.GetByteCount(Texts("{}", reply, out truncated, maxBytes: 1_024).Reply!));
        Assert.True(truncated);
    }

    [Fact]
    public void Texts_ThatAreNone_AreNotKept()
    {
        using var capture = new ContentCapture(Terms(), Room()) { IsText = false };
        capture.Prompt.Append([0xFF, 0xFE, 0x00, 0x80, 0x81]);
        capture.Reply.Append("audio"u8);
        Assert.Equal(new ContentTexts(), ContentAssembly.Of(capture, out _));
    }

    [Theory]
    [InlineData("aé", 2, "a")]
    [InlineData("a😀", 4, "a")]
    [InlineData("a😀", 5, "a😀")]
    public void Prompt_CutInACharacter_EndsBeforeIt(string text, int bytes, string kept)
    {
        using var capture = new ContentCapture(Terms(), Room());
        capture.Prompt.Append(Encoding.UTF8.GetBytes(text).AsSpan(0, bytes));
        Assert.Equal(kept, ContentAssembly.Of(capture, out _).Prompt);
    }

    [Fact]
    public void Buffer_BeyondItsBound_IsCutAndMarked_BeyondTheRoom_IsLost()
    {
        var room = Room(65_536);
        using (var cut = new ContentBuffer(room, 10))
        {
            cut.Append("0123456"u8);
            cut.Append("789abc"u8);
            Assert.Equal(("0123456789", true, false), (Encoding.UTF8.GetString(cut.Written), cut.IsTruncated, cut.IsLost));
        }
        Assert.Equal(0, room.Held);

        using var first = new ContentBuffer(room, 1 << 20);
        first.Append(new byte[40_000]);
        Assert.False(room.MayBegin);
        using var second = new ContentBuffer(room, 1 << 20);
        second.Append(new byte[10]);
        second.Append(new byte[4_096]);
        Assert.Equal((true, 0, false), (second.IsLost, second.Written.Length, first.IsLost));
        first.Dispose();
        Assert.Equal((0L, true), (room.Held, room.MayBegin));
    }

    [Fact]
    public void Policies_ATeamsOwnDecidesAsAWhole()
    {
        ContentRow[] rows = [new(ContentScopes.Organisation, null, new() { Keep = ContentKeeps.Both, RetentionDays = 5 }), new(ContentScopes.Team, "quiet", new() { Keep = ContentKeeps.Off }), new(ContentScopes.Team, "own", new() { Keep = ContentKeeps.Replies })];
        var policies = new ContentPolicies(rows);
        Assert.Equal((5, true, true, true), policies.For("other") is { } organisation ? (organisation.RetentionDays, organisation.Prompts, organisation.Replies, organisation.Masked) : default);
        Assert.Null(policies.For("quiet"));
        Assert.Equal((30, false, true), policies.For("own") is { } own ? (own.RetentionDays, own.Prompts, own.Replies) : default);
        Assert.True(new ContentPolicies([new(ContentScopes.Organisation, null, new() { Keep = ContentKeeps.Off })]).IsEmpty);
    }

    [Fact]
    public void Sample_TakesItsShare()
    {
        var terms = Terms(sample: 0.25);
        // A fixed seed: the bits of an id are as random as these.
        var random = new Random(7);
        var taken = 0;
        var bytes = new byte[16];
        for (var i = 0; i < 10_000; i++)
        {
            random.NextBytes(bytes);
            if (terms.Takes(new Guid(bytes))) taken++;
        }
        Assert.InRange(taken, 2_300, 2_700);
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("SPAN_ONLY", true)]
    [InlineData("false", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Switch_IsTheOperatorsWord(string? value, bool isOn)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new(ContentSwitch.Variable, value)]).Build();
        Assert.Equal(isOn, new ContentSwitch(configuration).IsOn);
    }
}
