using System.Text;
using System.Text.Json;
using AspireGateway.Gateway.Guardrails.External;
using AspireGateway.Shared.Checks;
using AspireGateway.Shared.Domain.Guardrails;
using AspireGateway.Shared.Net;
using Microsoft.AspNetCore.Http;

namespace AspireGateway.Gateway.Tests.Guardrails.External;

/// <summary>What checks are asked, how their answers are read, and that nothing they do hurts.</summary>
public sealed class CheckCallerTests(CheckServer server) : IClassFixture<CheckServer>, IDisposable
{
    private readonly CheckCaller caller = new(ExternalWorld.Box, TimeProvider.System);

    public void Dispose() => caller.Dispose();

    [Fact]
    public async Task Ask_Moderations_SendsTheTextAndReadsCategories()
    {
        server.Answer("""{"id":"x","results":[{"flagged":true,"categories":{"violence":true,"self-harm/intent":true,"hate":false},"category_scores":{"violence":0.9}}]}""");
        var answer = await AskAsync(GuardrailCheckKinds.Moderations, "some text");

        Assert.Equal("""{"input":"some text"}""", server.Asked.Single().Body);
        Assert.Equal(["VIOLENCE", "SELF_HARM_INTENT"], answer!.Findings.Select(f => f.Type));
        Assert.False(answer.HasPlaces);
    }

    [Fact]
    public async Task Ask_ModerationsThatFindNothing_Allows()
    {
        server.Answer("""{"results":[{"flagged":false,"categories":{"violence":false}}]}""");
        Assert.Empty((await AskAsync(GuardrailCheckKinds.Moderations, "x"))!.Findings);
    }

    [Theory]
    [InlineData("safe", "")]
    [InlineData("\\n\\nsafe", "")]
    [InlineData("unsafe\\nS1, S10", "S1,S10")]
    [InlineData("unsafe", "OTHER")]
    public async Task Ask_Chat_ReadsTheJudgement(string content, string types)
    {
        server.Answer("""{"choices":[{"message":{"role":"assistant","content":"WORDS"}}]}""".Replace("WORDS", content, StringComparison.Ordinal));
        var answer = await AskAsync(GuardrailCheckKinds.Chat, "judge me");

        using var asked = JsonDocument.Parse(server.Asked.Single().Body);
        Assert.Equal("guard", asked.RootElement.GetProperty("model").GetString());
        Assert.Equal("judge me", asked.RootElement.GetProperty("messages")[0].GetProperty("content").GetString());
        Assert.Equal(types, string.Join(',', answer!.Findings.Select(f => f.Type)));
    }

    [Fact]
    public async Task Ask_ChatAboutAReply_ShowsItAsTheModelsWords()
    {
        server.Answer("""{"choices":[{"message":{"content":"safe"}}]}""");
        await caller.AskAsync(ExternalWorld.Check(ExternalWorld.Row(GuardrailCheckKinds.Chat, server.Address)), ExternalWorld.Question("said", isReply: true), default);

        using var asked = JsonDocument.Parse(server.Asked.Single().Body);
        var last = asked.RootElement.GetProperty("messages").EnumerateArray().Last();
        Assert.Equal(("assistant", "said"), (last.GetProperty("role").GetString(), last.GetProperty("content").GetString()));
    }

    [Fact]
    public async Task Ask_Presidio_CountsInCodePointsAndNamesAsTheGatewayDoes()
    {
        const string Text = "😀😀 Ada wrote to ada@example.com";
        server.Answer("""[{"entity_type":"PERSON","start":3,"end":6,"score":0.85},{"entity_type":"EMAIL_ADDRESS","start":16,"end":31,"score":1.0}]""");
        var answer = await AskAsync(GuardrailCheckKinds.Presidio, Text);

        Assert.Equal("""{"text":"\uD83D\uDE00\uD83D\uDE00 Ada wrote to ada@example.com","language":"en"}""", server.Asked.Single().Body);
        Assert.Equal([("PERSON", "Ada"), ("EMAIL", "ada@example.com")], answer!.Findings.Select(f => (f.Type, Text.Substring(f.Start, f.Length))));
        Assert.True(answer.HasPlaces);
    }

    [Fact]
    public async Task Ask_Webhook_IsSignedAndSaysWhose()
    {
        var secret = WebhookSignature.Marker + Convert.ToBase64String(new byte[32]);
        var row = ExternalWorld.Row(GuardrailCheckKinds.Webhook, server.Address);
        server.Answer("""{"action":"mask","findings":[{"type":"codename","start":4,"end":10,"score":0.7}]}""");
        var answer = await caller.AskAsync(ExternalWorld.Check(row with { Secret = ExternalWorld.Box.Seal(secret, row.Id) }), ExternalWorld.Question("the falcon"), default);

        Assert.Equal((GuardrailActions.Mask, "CODENAME", 4, 6, 0.7), (answer!.Action, answer.Findings[0].Type, answer.Findings[0].Start, answer.Findings[0].Length, answer.Findings[0].Score));
        var (body, headers) = server.Asked.Single();
        Assert.Equal("""{"request_id":"request-1","input":"the falcon","language":"en","organisation_id":"organisation","team_id":"team","key_id":"key"}""", body);
        var signature = WebhookSignature.Sign(secret, headers["webhook-id"].ToString(), long.Parse(headers["webhook-timestamp"].ToString(), System.Globalization.CultureInfo.InvariantCulture), Encoding.UTF8.GetBytes(body));
        Assert.Equal(signature, headers["webhook-signature"].ToString());
        Assert.False(headers.ContainsKey("authorization"));
    }

    [Fact]
    public async Task Ask_WithASecret_SendsItAsABearerToken()
    {
        var row = ExternalWorld.Row(GuardrailCheckKinds.Moderations, server.Address);
        server.Answer("""{"results":[{"flagged":false}]}""");
        await caller.AskAsync(ExternalWorld.Check(row with { Secret = ExternalWorld.Box.Seal("token-1", row.Id) }), ExternalWorld.Question("x"), default);

        Assert.Equal("Bearer token-1", server.Asked.Single().Headers.Authorization.ToString());
    }

    [Fact]
    public async Task Ask_SecretOfAnotherRow_AsksNobody()
    {
        server.Answer("""{"results":[{"flagged":false}]}""");
        var row = ExternalWorld.Row(GuardrailCheckKinds.Moderations, server.Address);
        Assert.Null(await caller.AskAsync(ExternalWorld.Check(row with { Secret = ExternalWorld.Box.Seal("token-1", Guid.CreateVersion7()) }), ExternalWorld.Question("x"), default));
        Assert.Empty(server.Asked);
    }

    [Theory]
    [InlineData("moderations", "")]
    [InlineData("moderations", "not json")]
    [InlineData("moderations", "{}")]
    [InlineData("moderations", """{"results":[]}""")]
    [InlineData("moderations", """{"results":[{"flagged":"yes"}]}""")]
    [InlineData("chat", """{"choices":[{"message":{"content":"I cannot say, but it is safe"}}]}""")]
    [InlineData("chat", """{"choices":[{"message":{"content":null}}]}""")]
    [InlineData("chat", """{"choices":[]}""")]
    [InlineData("webhook", """{"action":"perhaps"}""")]
    [InlineData("webhook", """{"findings":[]}""")]
    [InlineData("webhook", """{"action":"mask","findings":[{"type":"X","start":2,"end":99}]}""")]
    [InlineData("webhook", """{"action":"mask","findings":[{"type":"X","start":3,"end":2}]}""")]
    [InlineData("presidio", """[{"entity_type":"PERSON","start":-1,"end":2}]""")]
    [InlineData("presidio", """[{"entity_type":"PERSON"}]""")]
    [InlineData("presidio", """{"error":"no such language"}""")]
    public async Task Ask_AnswerThatIsNone_IsNoAnswer(string kind, string body)
    {
        server.Answer(body);
        Assert.Null(await AskAsync(kind, "some"));
    }

    [Fact]
    public async Task Ask_HugeAnswer_IsNotReadToItsEnd()
    {
        server.Does = async http =>
        {
            await http.Response.WriteAsync("""{"results":[{"flagged":false}],"more":" """.TrimEnd());
            var block = new string('x', 64 * 1024);
            for (var i = 0; i < 64 && !http.RequestAborted.IsCancellationRequested; i++) await http.Response.WriteAsync(block);
            await http.Response.WriteAsync("\"}");
        };
        Assert.Null(await AskAsync(GuardrailCheckKinds.Moderations, "x"));
    }

    [Fact]
    public async Task Ask_Redirect_IsNotFollowed()
    {
        var followed = false;
        server.Does = http =>
        {
            followed |= http.Request.Path == "/next";
            http.Response.Redirect(http.Request.Path == "/next" ? "/" : "/next");
            return Task.CompletedTask;
        };
        Assert.Null(await AskAsync(GuardrailCheckKinds.Moderations, "x"));
        server.Does = http =>
        {
            http.Response.Redirect("http://169.254.169.254/latest/meta-data");
            return Task.CompletedTask;
        };
        Assert.Null(await AskAsync(GuardrailCheckKinds.Moderations, "x"));
        Assert.False(followed);
    }

    [Fact]
    public async Task Ask_Slow_EndsAtItsTimeLimit()
    {
        server.Does = http => Task.Delay(Timeout.Infinite, http.RequestAborted);
        Assert.Null(await caller.AskAsync(ExternalWorld.Check(ExternalWorld.Row(GuardrailCheckKinds.Moderations, server.Address) with { TimeLimitMs = 50 }), ExternalWorld.Question("x"), default));
    }

    [Fact]
    public async Task Ask_CallerLeaves_ThrowsAndBlamesNobody()
    {
        using var left = new CancellationTokenSource();
        server.Does = async http =>
        {
            await left.CancelAsync();
            await Task.Delay(Timeout.Infinite, http.RequestAborted);
        };
        var check = ExternalWorld.Check(ExternalWorld.Row(GuardrailCheckKinds.Moderations, server.Address));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => caller.AskAsync(check, ExternalWorld.Question("x"), left.Token));
    }

    [Fact]
    public async Task Ask_PublicCheckAtAPrivateAddress_ConnectsNowhere()
    {
        server.Answer("""{"results":[{"flagged":false}]}""");
        Assert.Null(await caller.AskAsync(ExternalWorld.Check(ExternalWorld.Row(GuardrailCheckKinds.Moderations, server.Address) with { IsPrivate = false }), ExternalWorld.Question("x"), default));
        Assert.Empty(server.Asked);
    }

    [Fact]
    public async Task Ask_AddressOfMetadata_ConnectsNowhereEvenWherePrivateOnesMay() =>
        Assert.Null(await caller.AskAsync(ExternalWorld.Check(ExternalWorld.Row(GuardrailCheckKinds.Moderations, "http://169.254.169.254/v1")), ExternalWorld.Question("x"), default));

    [Fact]
    public async Task Ask_TextThatIsTooLong_IsNotSent()
    {
        server.Answer("""{"results":[{"flagged":false}]}""");
        Assert.Null(await caller.AskAsync(ExternalWorld.Check(ExternalWorld.Row(GuardrailCheckKinds.Moderations, server.Address) with { MaxCharacters = 3 }), ExternalWorld.Question("four"), default));
        Assert.Empty(server.Asked);
    }

    [Fact]
    public async Task Ask_FailsInARow_IsLeftAloneForAWhileAndThenLookedAtByOne()
    {
        var time = new Clock();
        using var watched = new CheckCaller(ExternalWorld.Box, time);
        var check = ExternalWorld.Check(ExternalWorld.Row(GuardrailCheckKinds.Moderations, server.Address));
        server.Answer("broken");
        for (var i = 0; i < 5; i++) Assert.Null(await watched.AskAsync(check, ExternalWorld.Question("x"), default));
        server.Answer("""{"results":[{"flagged":false}]}""");

        Assert.Null(await watched.AskAsync(check, ExternalWorld.Question("x"), default));
        Assert.Empty(server.Asked);
        time.Ahead = TimeSpan.FromSeconds(10);
        Assert.NotNull(await watched.AskAsync(check, ExternalWorld.Question("x"), default));
        Assert.NotNull(await watched.AskAsync(check, ExternalWorld.Question("x"), default));
    }

    private Task<CheckAnswer?> AskAsync(string kind, string text) => caller.AskAsync(ExternalWorld.Check(ExternalWorld.Row(kind, server.Address)), ExternalWorld.Question(text), default);

    private sealed class Clock : TimeProvider
    {
        public TimeSpan Ahead { get; set; }

        public override long GetTimestamp() => base.GetTimestamp() + (long)(Ahead.TotalSeconds * TimestampFrequency);
    }
}
