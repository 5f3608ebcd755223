using System.Net;
using System.Text;
using System.Text.Json;
using AspireGateway.Simulator.Tests.Replying;

namespace AspireGateway.Simulator.Tests.OpenAi;

public sealed class OperationsTests : SimulatorTest
{
    [Fact]
    public async Task Moderations_SeveralTexts_AreFlaggedByWhatTheyName()
    {
        var reply = await PostAsync("v1/moderations", """{"input":["a calm day","so much violence"]}""");

        var results = reply.GetProperty("results");
        Assert.False(results[0].GetProperty("flagged").GetBoolean());
        Assert.True(results[1].GetProperty("categories").GetProperty("violence").GetBoolean());
    }

    [Fact]
    public async Task Images_Base64AndUrl_AreAPicture()
    {
        var inline = await PostAsync("v1/images/generations", """{"model":"gpt-image-1","prompt":"a cat","n":2}""");
        var linked = await PostAsync("v1/images/generations", """{"model":"dall-e-3","prompt":"a cat"}""");
        using var picture = await Http.GetAsync(linked.GetProperty("data")[0].GetProperty("url").GetString(), Timeout);

        Assert.Equal(2, inline.GetProperty("data").GetArrayLength());
        Assert.Equal(inline.GetProperty("data")[0].GetProperty("b64_json").GetBytesFromBase64(), await picture.Content.ReadAsByteArrayAsync(Timeout));
        Assert.Equal(2 * 272, inline.GetProperty("usage").GetProperty("output_tokens").GetInt32());
    }

    [Fact]
    public async Task Speech_Wav_IsARiffFile()
    {
        using var response = await Http.PostAsync("v1/audio/speech", Json("""{"model":"tts-1","input":"Hello","voice":"alloy","response_format":"wav"}"""), Timeout);

        Assert.Equal("audio/wav", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("RIFF"u8.ToArray(), (await response.Content.ReadAsByteArrayAsync(Timeout))[..4]);
    }

    [Fact]
    public async Task Speech_AsEvents_IsTheSameSound()
    {
        using var whole = await Http.PostAsync("v1/audio/speech", Json("""{"model":"tts-1","input":"Hello","voice":"alloy"}"""), Timeout);
        using var streamed = await Http.PostAsync("v1/audio/speech", Json("""{"model":"tts-1","input":"Hello","voice":"alloy","stream_format":"sse"}"""), Timeout);
        var events = SseReader.Read(await streamed.Content.ReadAsByteArrayAsync(Timeout));

        var joined = events.SkipLast(1).SelectMany(e => e.Data.GetProperty("audio").GetBytesFromBase64()).ToArray();
        Assert.Equal(await whole.Content.ReadAsByteArrayAsync(Timeout), joined);
        Assert.Equal("speech.audio.done", events[^1].Data.GetProperty("type").GetString());
    }

    [Theory]
    [InlineData("json", "application/json")]
    [InlineData("verbose_json", "application/json")]
    [InlineData("text", "text/plain")]
    [InlineData("srt", "text/plain")]
    public async Task Transcription_Form_IsWrittenDown(string format, string contentType)
    {
        using var response = await TranscribeAsync(("response_format", format), ("prompt", "[[sim: text=\"well said\"]]"));
        var text = await response.Content.ReadAsStringAsync(Timeout);

        Assert.Equal(contentType, response.Content.Headers.ContentType!.MediaType);
        Assert.Contains("well said", text, StringComparison.Ordinal);
        if (format == "verbose_json") Assert.Equal(2, JsonElement.Parse(text).GetProperty("duration").GetDouble());
    }

    [Fact]
    public async Task Transcription_Streamed_AddsUpToItsText()
    {
        using var response = await TranscribeAsync(("stream", "true"));
        var events = SseReader.Read(await response.Content.ReadAsByteArrayAsync(Timeout));

        Assert.Equal(events[^1].Data.GetProperty("text").GetString(), string.Concat(events.SkipLast(1).Select(e => e.Data.GetProperty("delta").GetString())));
        Assert.True(events.Count > 3);
    }

    [Fact]
    public async Task Transcription_WithoutFile_NamesIt()
    {
        using var form = new MultipartFormDataContent { { new StringContent("m"), "model" } };
        using var response = await Http.PostAsync("v1/audio/transcriptions", form, Timeout);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("file", (await ReadAsync(response)).GetProperty("error").GetProperty("param").GetString());
    }

    [Fact]
    public async Task Rerank_Documents_ComeByRelevance()
    {
        var reply = await PostAsync("v1/rerank", """{"model":"r","query":"how to bake bread","documents":["repair a bicycle",{"text":"bake bread at home"},"tea and biscuits"],"top_n":2,"return_documents":true}""");

        var results = reply.GetProperty("results");
        Assert.Equal(2, results.GetArrayLength());
        Assert.Equal((1, "bake bread at home"), (results[0].GetProperty("index").GetInt32(), results[0].GetProperty("document").GetProperty("text").GetString()));
        Assert.True(results[0].GetProperty("relevance_score").GetDouble() > results[1].GetProperty("relevance_score").GetDouble());
        Assert.Equal(1, reply.GetProperty("meta").GetProperty("billed_units").GetProperty("search_units").GetInt32());
    }

    [Theory]
    [InlineData("v1/moderations", "{}", "input")]
    [InlineData("v1/images/generations", "{}", "prompt")]
    [InlineData("v1/images/generations", "{\"model\":\"gpt-image-1\",\"prompt\":\"x\",\"response_format\":\"url\"}", "response_format")]
    [InlineData("v1/audio/speech", "{\"model\":\"m\",\"input\":\"x\"}", "voice")]
    [InlineData("v1/rerank", "{\"model\":\"m\",\"query\":\"x\"}", "documents")]
    public async Task BadRequest_Refused_NamesTheParameter(string path, string body, string param)
    {
        using var response = await Http.PostAsync(path, Json(body), Timeout);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(param, (await ReadAsync(response)).GetProperty("error").GetProperty("param").GetString());
    }

    [Theory]
    [InlineData("v1/moderations", "{\"input\":\"x\"}")]
    [InlineData("v1/images/generations", "{\"prompt\":\"x\"}")]
    [InlineData("v1/audio/speech", "{\"model\":\"m\",\"input\":\"x\",\"voice\":\"v\"}")]
    [InlineData("v1/rerank", "{\"model\":\"m\",\"query\":\"x\",\"documents\":[\"y\"]}")]
    public async Task Failure_Scripted_IsOpenAis(string path, string body)
    {
        Simulator.Script("failure=quota");
        using var response = await Http.PostAsync(path, Json(body), Timeout);

        Assert.Equal(429, (int)response.StatusCode);
        Assert.Equal("insufficient_quota", (await ReadAsync(response)).GetProperty("error").GetProperty("type").GetString());
    }

    private Task<HttpResponseMessage> TranscribeAsync(params (string Name, string Value)[] fields)
    {
        // Two seconds of 8,000 samples at two bytes.
        var wav = new byte[44 + 32_000];
        "RIFF"u8.CopyTo(wav);
        BitConverter.TryWriteBytes(wav.AsSpan(28), 16_000);
        var form = new MultipartFormDataContent { { new ByteArrayContent(wav), "file", "speech.wav" }, { new StringContent("gpt-4o-transcribe"), "model" } };
        foreach (var (name, value) in fields) form.Add(new StringContent(value, Encoding.UTF8), name);
        return Http.PostAsync("v1/audio/transcriptions", form, Timeout);
    }

    private async Task<JsonElement> PostAsync(string path, string body)
    {
        using var response = await Http.PostAsync(path, Json(body), Timeout);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(Timeout));
        return await ReadAsync(response);
    }
}
