using System.Text.Json;
using AspireGateway.Simulator.Tests.Replying;

namespace AspireGateway.Simulator.Tests.Gemini;

public sealed class GeminiStreamTests : StreamFaultContract
{
    protected override string StreamError => "INTERNAL";

    protected override string ScriptedErrorCode => "UNAVAILABLE";

    protected override string OverloadedError => "UNAVAILABLE";

    protected override bool HasEndMark => false;

    protected override HttpRequestMessage Ask(string prompt, bool stream) => GeminiTests.Request(
        $$$"""{"contents":[{"role":"user","parts":[{"text":"{{{prompt}}}"}]}]}""", stream ? "streamGenerateContent?alt=sse" : "generateContent");

    protected override StreamReading Read(byte[] stream)
    {
        var events = SseReader.Read(stream);
        var known = events.Where(e => e.Data.ValueKind == JsonValueKind.Object).Select(e => e.Data).ToList();
        var candidates = known.Where(e => e.TryGetProperty("candidates", out _)).Select(e => e.GetProperty("candidates")[0]).ToList();
        var texts = candidates.Select(c => c.GetProperty("content").GetProperty("parts")[0].GetProperty("text").GetString()!).Where(t => t.Length > 0).ToList();
        return new StreamReading(
            string.Concat(texts), texts.Count, candidates.Exists(c => c.TryGetProperty("finishReason", out _)),
            known.Where(e => e.TryGetProperty("error", out _)).Select(e => e.GetProperty("error").GetProperty("status").GetString()).FirstOrDefault(),
            events.Count - known.Count);
    }

    protected override string ErrorKind(string body) => JsonElement.Parse(body).GetProperty("error").GetProperty("status").GetString()!;

    [Fact]
    public async Task Stream_Blocked_HasFeedbackAndNoCandidate()
    {
        Simulator.Script("failure=content-policy");
        using var request = Ask("x", stream: true);
        using var response = await Http.SendAsync(request, Timeout);
        var only = Assert.Single(SseReader.Read(await response.Content.ReadAsByteArrayAsync(Timeout))).Data;

        Assert.Equal("PROHIBITED_CONTENT", only.GetProperty("promptFeedback").GetProperty("blockReason").GetString());
        Assert.False(only.TryGetProperty("candidates", out _));
    }
}
