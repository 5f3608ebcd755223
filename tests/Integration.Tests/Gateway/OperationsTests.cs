using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace AspireGateway.Integration.Tests.Gateway;

/// <summary>The operations beside chats: each with the provider's reply, its own shape, one record and its price.</summary>
public sealed class OperationsTests(VendorFixture fixture) : IClassFixture<VendorFixture>
{
    private readonly GatewayWorld world = fixture.World;
    private readonly VendorServer vendor = fixture.Vendor;

    [Fact]
    public async Task Moderation_PassesAndIsRecorded()
    {
        vendor.Answers("application/json", """{"id":"modr","model":"omni","results":[{"flagged":false}]}""");
        var (response, id) = await PostAsync("/v1/moderations", """{"model":"vend/m1","input":[{"type":"text","text":"hi"}]}""");

        Assert.Equal("omni", (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("model").GetString());
        Assert.Equal("""{"model":"m1","input":[{"type":"text","text":"hi"}]}""", vendor.Last.Text);
        Assert.Equal(("/v1/moderations", "Bearer " + VendorFixture.VendorSecret), (vendor.Last.Path, vendor.Last.Headers["Authorization"]));
        var record = await world.RecordAsync(id);
        Assert.Equal(("ok", "vend/m1", "omni", true), (record.Status, record.Model, record.ServedModel, record.Estimated));
    }

    [Fact]
    public async Task Images_WithoutTokens_CostByTheImage()
    {
        vendor.Answers("application/json", """{"created":1,"data":[{"url":"u"},{"url":"v"}]}""");
        var (response, id) = await PostAsync("/v1/images/generations", """{"model":"vend/m1","prompt":"a cat","n":2,"size":"512x512"}""");
        response.EnsureSuccessStatusCode();

        var record = await world.RecordAsync(id);
        Assert.Equal((2 * 40_000_000 + 5000, false), (record.CostNanoUsd, record.Estimated));
    }

    [Fact]
    public async Task ImageStream_PassesWithoutAnInventedEnd()
    {
        const string Events = "event: image_generation.partial_image\ndata: {\"type\":\"image_generation.partial_image\",\"b64_json\":\"AA\"}\n\n" +
            "event: image_generation.completed\ndata: {\"type\":\"image_generation.completed\",\"b64_json\":\"BB\",\"usage\":{\"input_tokens\":10,\"output_tokens\":20}}\n\n";
        vendor.Answers("text/event-stream", Events);
        var (response, id) = await PostAsync("/v1/images/generations", """{"model":"vend/m1","prompt":"a cat","stream":true,"partial_images":1}""");
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.StartsWith(Events, text, StringComparison.Ordinal);
        Assert.DoesNotContain("[DONE]", text, StringComparison.Ordinal);
        var record = await world.RecordAsync(id);
        Assert.Equal(("ok", true, 10L, 20L), (record.Status, record.Streamed, record.InputTokens, record.OutputTokens));
    }

    [Fact]
    public async Task Speech_ComesThroughAsItIsMade_AndCostsByTheCharacter()
    {
        var goOn = new TaskCompletionSource();
        vendor.Answer = async http =>
        {
            http.Response.ContentType = "audio/mpeg";
            await http.Response.Body.WriteAsync(new byte[] { 1, 2, 3 });
            await http.Response.Body.FlushAsync();
            await goOn.Task.WaitAsync(TimeSpan.FromSeconds(20));
            await http.Response.Body.WriteAsync(new byte[] { 4, 5 });
        };
        var (response, id) = await PostAsync("/v1/audio/speech", """{"model":"vend/m1","input":"hello","voice":"alloy"}""");
        await using var stream = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        var first = new byte[3];
        await stream.ReadExactlyAsync(first, TestContext.Current.CancellationToken);
        goOn.SetResult();
        using var rest = new MemoryStream();
        await stream.CopyToAsync(rest, TestContext.Current.CancellationToken);

        Assert.Equal("audio/mpeg", response.Content.Headers.ContentType?.ToString());
        Assert.Equal([1, 2, 3, 4, 5], (byte[])[.. first, .. rest.ToArray()]);
        var record = await world.RecordAsync(id);
        Assert.Equal(("ok", 5 * 15_000 + 5000, false), (record.Status, record.CostNanoUsd, record.Estimated));
    }

    [Fact]
    public async Task Speech_ThatBreaksOff_IsCutAndNotWhole()
    {
        // A reset can overtake bytes that nobody has read yet.
        var arrived = new TaskCompletionSource();
        vendor.Answer = async http =>
        {
            http.Response.ContentType = "audio/mpeg";
            await http.Response.Body.WriteAsync(new byte[] { 1, 2, 3 });
            await http.Response.Body.FlushAsync();
            await arrived.Task.WaitAsync(TimeSpan.FromSeconds(20));
            http.Abort();
        };
        var (response, id) = await PostAsync("/v1/audio/speech", """{"model":"vend/m1","input":"hello","voice":"alloy"}""");
        arrived.SetResult();

        await Assert.ThrowsAnyAsync<Exception>(() => response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.Equal("truncated", (await world.RecordAsync(id)).Status);
    }

    [Fact]
    public async Task Speech_ThatIsAPage_IsNoAnswer()
    {
        vendor.Answers("text/html", "<script>1</script>");
        var (response, _) = await PostAsync("/v1/audio/speech", """{"model":"vend/m1","input":"hello","voice":"alloy"}""");

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
    }

    [Theory]
    [InlineData("application/json", """{"text":"hi","usage":{"type":"duration","seconds":3}}""", "application/json", 3 * 100_000 + 5000, false)]
    [InlineData("text/vtt", "WEBVTT\n\n00:00.000 --> 00:02.000\nhi\n", "text/vtt; charset=utf-8", 2 * 100_000 + 5000, false)]
    [InlineData("text/html", "words", "text/plain; charset=utf-8", null, true)]
    public async Task Transcription_PassesTheFormWithTheModelChanged(string type, string body, string sentType, int? cost, bool estimated)
    {
        vendor.Answers(type, body);
        var audio = new byte[48_000];
        using var form = new MultipartFormDataContent { { new StringContent("vend/m1"), "model" }, { new StringContent("json"), "response_format" }, { new ByteArrayContent(audio), "file", "a.mp3" } };
        var sent = await form.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        var contentType = form.Headers.ContentType!.ToString();
        var id = NewId();
        using var response = await fixture.SendAsync(HttpMethod.Post, "/v1/audio/transcriptions", form, id: id);

        Assert.Equal(body, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(sentType, response.Content.Headers.ContentType?.ToString());
        var expected = Encoding.UTF8.GetString(sent).Replace("vend/m1", "m1", StringComparison.Ordinal);
        Assert.Equal(expected, vendor.Last.Text);
        Assert.Equal(contentType, vendor.Last.Headers["Content-Type"]);
        var record = await world.RecordAsync(id);
        Assert.Equal(("ok", estimated), (record.Status, record.Estimated));
        if (cost is { } expectedCost) Assert.Equal((long)expectedCost, record.CostNanoUsd);
    }

    [Fact]
    public async Task Transcription_Streamed_Passes()
    {
        vendor.Answers("text/event-stream", "data: {\"type\":\"transcript.text.delta\",\"delta\":\"hi\"}\n\ndata: {\"type\":\"transcript.text.done\",\"text\":\"hi\",\"usage\":{\"type\":\"tokens\",\"input_tokens\":14,\"output_tokens\":2}}\n\n");
        using var form = new MultipartFormDataContent { { new StringContent("vend/m1"), "model" }, { new StringContent("true"), "stream" }, { new ByteArrayContent(new byte[100]), "file", "a.mp3" } };
        var id = NewId();
        using var response = await fixture.SendAsync(HttpMethod.Post, "/v1/audio/transcriptions", form, id: id);

        Assert.Contains("transcript.text.done", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        var record = await world.RecordAsync(id);
        Assert.Equal(("ok", 14L, 2L, false), (record.Status, record.InputTokens, record.OutputTokens, record.Estimated));
    }

    [Fact]
    public async Task Rerank_CostsByTheSearch()
    {
        vendor.Answers("application/json", """{"results":[{"index":0,"relevance_score":0.5}],"meta":{"billed_units":{"search_units":1}}}""");
        var (response, id) = await PostAsync("/v1/rerank", """{"model":"vend/m1","query":"q","documents":["a","b"],"top_n":1}""");
        response.EnsureSuccessStatusCode();

        Assert.Equal((2_000_000 + 5000, false), ((await world.RecordAsync(id)) is var record ? record.CostNanoUsd : 0, record.Estimated));
    }

    [Theory]
    [InlineData("/v1/images/generations", """{"model":"vend/m1"}""", "prompt")]
    [InlineData("/v1/images/generations", """{"model":"vend/m1","prompt":["a"]}""", "prompt")]
    [InlineData("/v1/rerank", """{"model":"vend/m1","query":"q","documents":"a"}""", "documents")]
    [InlineData("/v1/audio/transcriptions", """{"model":"vend/m1"}""", "content-type")]
    [InlineData("/v1/embeddings", """{"model":"vend/m1","input":"a","encoding_format":"hex"}""", "encoding_format")]
    public async Task Request_ThatIsWrong_IsExplained(string path, string body, string param)
    {
        var (response, _) = await PostAsync(path, body);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(param, (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetProperty("param").GetString());
    }

    [Theory]
    [InlineData("base64", "\"AACAPwAAAL8=\"")]
    [InlineData("float", "[1,-0.5]")]
    public async Task Embeddings_HaveTheFormThatWasAskedFor(string format, string vector)
    {
        vendor.Answers("application/json", """{"object":"list","data":[{"object":"embedding","index":0,"embedding":[1,-0.5]}],"model":"e","usage":{"prompt_tokens":3,"total_tokens":3}}""");
        var (response, _) = await PostAsync("/v1/embeddings", $$"""{"model":"vend/m1","input":"a","encoding_format":"{{format}}"}""");
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal("""{"object":"list","data":[{"object":"embedding","index":0,"embedding":""" + vector + """}],"model":"e","usage":{"prompt_tokens":3,"total_tokens":3}}""", text);
    }

    private static string NewId() => "o-" + Guid.NewGuid().ToString("N");

    private async Task<(HttpResponseMessage Response, string Id)> PostAsync(string path, string body)
    {
        var id = NewId();
        return (await fixture.SendAsync(HttpMethod.Post, path, new StringContent(body, Encoding.UTF8, "application/json"), id: id), id);
    }
}
