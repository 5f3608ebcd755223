using System.Net;
using System.Text.Json;

namespace AspireGateway.Simulator.Tests.OpenAi;

/// <summary>What vendors do differently, and what multimodal callers get wrong.</summary>
public sealed class ChatDialectTests : SimulatorTest
{
    private const string Picture = "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,AAAA\"}}";

    [Fact]
    public async Task Image_InTheMessage_CountsAFixedNumberOfTokens()
    {
        var without = (await AskAsync("[{\"type\":\"text\",\"text\":\"Hi\"}]")).Reply.GetProperty("usage").GetProperty("prompt_tokens").GetInt32();
        var with = (await AskAsync($"[{{\"type\":\"text\",\"text\":\"Hi\"}},{Picture}]")).Reply.GetProperty("usage").GetProperty("prompt_tokens").GetInt32();

        Assert.Equal(256, with - without);
    }

    [Theory]
    [InlineData("[{\"type\":\"image\",\"source\":{}}]")]
    [InlineData("[{\"type\":\"image_url\",\"image_url\":{\"url\":\"AAAA\"}}]")]
    [InlineData("[{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,%%\"}}]")]
    [InlineData("[{\"type\":\"input_audio\",\"input_audio\":{\"data\":\"AAAA\",\"format\":\"ogg\"}}]")]
    public async Task Part_NotOpenAis_IsRefused(string content)
    {
        Assert.Equal(400, (await AskAsync(content)).Status);
    }

    [Fact]
    public async Task ToolCalls_WithoutResults_AreRefused()
    {
        var (status, reply) = await PostAsync(
            """{"model":"m","messages":[{"role":"user","content":"x"},{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"user","content":"y"}]}""");

        Assert.Equal(400, status);
        Assert.Contains("c1", reply.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReasoningEffort_Given_IsCountedAsReasoning()
    {
        var usage = (await PlainAsync("\"reasoning_effort\":\"low\"")).GetProperty("usage");

        Assert.True(usage.GetProperty("completion_tokens_details").GetProperty("reasoning_tokens").GetInt32() > 0);
        using var refused = await ChatAsync("\"reasoning_effort\":\"huge\"");
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(422)]
    public async Task StrictFields_StreamOptions_AreRefused(int status)
    {
        using var refused = await ChatAsync("\"stream\":true,\"stream_options\":{\"include_usage\":true}", $"strict-fields={status}");
        using var accepted = await ChatAsync("\"stream\":true,\"max_tokens\":9", $"strict-fields={status}");

        Assert.Equal((status, 200), ((int)refused.StatusCode, (int)accepted.StatusCode));
        Assert.Equal("stream_options", (await ReadAsync(refused)).GetProperty("error").GetProperty("param").GetString());
    }

    [Fact]
    public async Task ReasoningField_Scripted_CarriesTheThoughtsInPlainAndStream()
    {
        var plain = await PlainAsync(script: "reasoning-field=reasoning_content");
        var events = await StreamAsync("reasoning-field=reasoning_content");

        var thought = plain.GetProperty("choices")[0].GetProperty("message").GetProperty("reasoning_content").GetString()!;
        Assert.NotEmpty(thought);
        Assert.Equal(thought, string.Concat(events.SkipLast(1).Select(e => JsonElement.Parse(e).GetProperty("choices")[0].GetProperty("delta"))
            .Select(d => d.TryGetProperty("reasoning_content", out var piece) ? piece.GetString() : "")));
        Assert.Equal(TextOf(plain), TextOf(events));
    }

    [Fact]
    public async Task Refusal_Scripted_StandsInPlaceOfTheContent()
    {
        var message = (await PlainAsync(script: "refusal=\"I will not.\"")).GetProperty("choices")[0].GetProperty("message");

        Assert.Equal("I will not.", message.GetProperty("refusal").GetString());
        Assert.Equal(JsonValueKind.Null, message.GetProperty("content").ValueKind);
    }

    [Fact]
    public async Task LogProbs_Asked_AreOnePerPiece()
    {
        var choice = (await PlainAsync("\"logprobs\":true")).GetProperty("choices")[0];

        Assert.Equal(
            choice.GetProperty("message").GetProperty("content").GetString(),
            string.Concat(choice.GetProperty("logprobs").GetProperty("content").EnumerateArray().Select(t => t.GetProperty("token").GetString())));
    }

    [Fact]
    public async Task NoBase64_Embeddings_SendsFloatsAllTheSame()
    {
        Simulator.Script("no-base64");
        using var response = await Http.PostAsync("v1/embeddings", Json("""{"model":"m","input":"x","encoding_format":"base64","dimensions":8}"""), Timeout);

        Assert.Equal(8, (await ReadAsync(response)).GetProperty("data")[0].GetProperty("embedding").GetArrayLength());
    }

    [Fact]
    public async Task ToolChoiceNone_CallsNothing()
    {
        var reply = await PlainAsync("\"tool_choice\":\"none\",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]", content: "call f");

        Assert.NotEmpty(TextOf(reply));
    }

    private Task<(int Status, JsonElement Reply)> AskAsync(string content) => PostAsync($$"""{"model":"m","messages":[{"role":"user","content":{{content}}}]}""");

    private async Task<(int Status, JsonElement Reply)> PostAsync(string body)
    {
        using var response = await Http.PostAsync("v1/chat/completions", Json(body), Timeout);
        return ((int)response.StatusCode, await ReadAsync(response));
    }
}
