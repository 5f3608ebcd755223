using System.Text;
using AspireGateway.Portal.Playground;
using Microsoft.Extensions.Configuration;
using static AspireGateway.Portal.Tests.Playground.StreamingGateway;

namespace AspireGateway.Portal.Tests.Playground;

/// <summary>What the playground makes of a gateway's answers.</summary>
public sealed class PlaygroundGatewayTests : IDisposable
{
    private readonly StreamingGateway gateway = new();

    public void Dispose() => gateway.Dispose();

    [Fact]
    public async Task Answer_Streamed_HasTextCostAndTokensToTheNanoUsd()
    {
        // A new key is not known to the gateway for a moment.
        gateway.Answers(401, """{"error":{"message":"No such key."}}""");
        gateway.Answers(200, "data: {\"choices\":[{\"delta\":{\"role\":\"assistant\"}}]}\n\n" + Says("Hello") + Says(", <b>you</b>") + "data: {\"choices\":[]}\n\n" + Closing + "data: [DONE]\n\n");
        var answer = await AskAsync(new() { Model = "small", Message = "Say \"hi\"", System = "Be brief.", Temperature = 0.2m, MaxTokens = 7 });

        Assert.Equal((PlaygroundStage.Done, "Hello, <b>you</b>", null), (answer.Stage, answer.Text, answer.Fault));
        Assert.Equal((12_345, 1200, 34, false), (answer.CostNanoUsd, answer.InputTokens, answer.OutputTokens, answer.Estimated));
        Assert.Equal((gateway.Record, "d-small", (string?)null), (answer.RecordId, answer.Deployment, answer.Served));
        Assert.True(answer.FirstTokenUs >= 0 && answer.TotalUs >= answer.FirstTokenUs);
        Assert.Equal(["agw-secret", "agw-secret"], gateway.Asked.Select(a => a.Secret));
        Assert.Equal(
            """{"model":"small","stream":true,"max_tokens":7,"temperature":0.2,"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Say \u0022hi\u0022"}]}""",
            gateway.Asked.Last().Body.GetRawText());
    }

    [Fact]
    public async Task Question_WithoutExtras_SendsNone()
    {
        gateway.Answers(200, "data: [DONE]\n\n");
        var answer = await AskAsync(new() { Model = "small", Message = "Hi" });
        Assert.Equal("""{"model":"small","stream":true,"max_tokens":1000,"messages":[{"role":"user","content":"Hi"}]}""", gateway.Asked.Single().Body.GetRawText());
        Assert.Equal((PlaygroundStage.Done, "", (long?)null, (long?)null), (answer.Stage, answer.Text, answer.CostNanoUsd, answer.FirstTokenUs));
    }

    [Theory]
    [InlineData(402, """{"error":{"message":"The budget of team T has no room.","code":"budget_exceeded"}}""", "The budget of team T has no room.")]
    [InlineData(403, """{"error":{"message":"Stopped."}}""", "Stopped.")]
    [InlineData(429, """{"error":{"message":"Wait 3 s."}}""", "Wait 3 s.")]
    [InlineData(503, """{"error":{"message":"No deployment is healthy."}}""", "No deployment is healthy.")]
    [InlineData(502, "<html>", "The gateway answered 502 without saying why.")]
    [InlineData(500, """{"error":"text"}""", "The gateway answered 500 without saying why.")]
    public async Task Refusal_IsShownWithItsSentence(int status, string body, string sentence)
    {
        gateway.Answers(status, body);
        var answer = await AskAsync();
        Assert.Equal((PlaygroundStage.Refused, status, sentence, ""), (answer.Stage, answer.Status, answer.Fault, answer.Text));
        Assert.Equal($"Refused with {status}", PlaygroundWords.Of(answer).Text);
    }

    [Theory]
    [InlineData("data: {\"error\":{\"message\":\"The provider broke off.\"}}\n\n", "The provider broke off.")]
    [InlineData("", "The answer ended in the middle. Ask again.")]
    [InlineData("data: {nothing\n\n", "The answer could not be read as a chat completion.")]
    public async Task Stream_ThatBreaks_NeverLooksComplete(string rest, string fault)
    {
        gateway.Answers(200, Says("Half") + rest);
        var answer = await AskAsync();
        Assert.Equal((PlaygroundStage.Broken, "Half", fault), (answer.Stage, answer.Text, answer.Fault));
    }

    [Theory]
    [InlineData("length", "It ran into the most tokens that were asked for.")]
    [InlineData("content_filter", "The provider's filter cut it off.")]
    [InlineData("stop", null)]
    public async Task Ending_OfAnAnswer_IsRemarkedWhereItIsNotTheModels(string reason, string? remark)
    {
        gateway.Answers(200, Says("Text") + $"data: {{\"choices\":[{{\"delta\":{{}},\"finish_reason\":\"{reason}\"}}]}}\n\ndata: [DONE]\n\n");
        Assert.Equal(remark, (await AskAsync()).Remark);
    }

    [Fact]
    public async Task Answer_Stopped_KeepsWhatHasCome()
    {
        using var stop = new CancellationTokenSource();
        var answer = new PlaygroundAnswer("small");
        await using var stream = gateway.Streams();
        var asked = Gateway().AskAsync("agw-secret", new() { Model = "small", Message = "Hi" }, answer, stop.Token);
        await stream.WriteAsync(Encoding.UTF8.GetBytes("data: {\"choices\":[{\"delta\":{\"reasoning_content\":\"hm\"}}]}\n\n" + Says("Once")), TestContext.Current.CancellationToken);
        await stream.FlushAsync(TestContext.Current.CancellationToken);
        while (answer.Text.Length == 0) await Task.Delay(5, TestContext.Current.CancellationToken);
        Assert.Equal((PlaygroundStage.Answering, false), (answer.Stage, asked.IsCompleted));

        await stop.CancelAsync();
        await asked;
        Assert.Equal((PlaygroundStage.Stopped, "Once", (string?)null), (answer.Stage, answer.Text, answer.Fault));
        Assert.True(answer.FirstTokenUs is not null);
    }

    [Fact]
    public async Task Answer_LongerThanThePageKeeps_SaysSo()
    {
        gateway.Answers(200, Says(new string('a', PlaygroundAnswer.MaxText)) + Says("b") + "data: [DONE]\n\n");
        var answer = await AskAsync();
        Assert.Equal((PlaygroundStage.Broken, PlaygroundAnswer.MaxText), (answer.Stage, answer.Text.Length));
    }

    [Fact]
    public async Task Gateway_ThatIsNotThere_IsSaid()
    {
        using var http = new HttpClient();
        var answer = new PlaygroundAnswer("small");
        var nowhere = new ConfigurationBuilder().AddInMemoryCollection([new("services:gateway:http:0", "http://127.0.0.1:1")]).Build();
        await new PlaygroundGateway(http, nowhere, TimeProvider.System).AskAsync("s", new() { Model = "small", Message = "Hi" }, answer, default);
        Assert.Equal((PlaygroundStage.Refused, (int?)null, "The gateway could not be reached from the portal. Check that it runs."), (answer.Stage, answer.Status, answer.Fault));
    }

    [Fact]
    public void Two_WholeAnswers_AreComparedInASentence()
    {
        PlaygroundAnswer Of(string model, long? cost, long total, PlaygroundStage stage = PlaygroundStage.Done)
        {
            var answer = new PlaygroundAnswer(model) { CostNanoUsd = cost, TotalUs = total };
            answer.End(stage);
            return answer;
        }

        Assert.Equal("a cost $0.002 less than b; b was complete 250 ms sooner.", PlaygroundWords.Compare([Of("a", 1_000_000, 750_000), Of("b", 3_000_000, 500_000)])?.Replace('\u00A0', ' '));
        Assert.StartsWith("Both cost the same; ", PlaygroundWords.Compare([Of("a", 5, 1), Of("b", 5, 2)]), StringComparison.Ordinal);
        Assert.Null(PlaygroundWords.Compare([Of("a", 5, 1)]));
        Assert.Null(PlaygroundWords.Compare([Of("a", null, 1), Of("b", 5, 2)]));
        Assert.Null(PlaygroundWords.Compare([Of("a", 5, 1, PlaygroundStage.Stopped), Of("b", 5, 2)]));
    }

    private async Task<PlaygroundAnswer> AskAsync(PlaygroundQuestion? question = null)
    {
        var answer = new PlaygroundAnswer("small");
        await Gateway().AskAsync("agw-secret", question ?? new() { Model = "small", Message = "Hi" }, answer, default);
        return answer;
    }

    private PlaygroundGateway Gateway() => new(
        new HttpClient(gateway, disposeHandler: false), new ConfigurationBuilder().AddInMemoryCollection([new("services:gateway:http:0", "http://gateway/")]).Build(), TimeProvider.System);
}
