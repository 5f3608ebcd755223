using System.Net;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace AspireGateway.Simulator.Tests.OpenAi;

public sealed class EmbeddingsTests : SimulatorTest
{
    [Fact]
    public async Task Embeddings_FloatAndBase64_AreTheSameVector()
    {
        var floats = (await EmbedAsync("\"dimensions\":64")).GetProperty("data")[0].GetProperty("embedding").EnumerateArray().Select(e => e.GetSingle()).ToArray();
        var bytes = (await EmbedAsync("\"dimensions\":64,\"encoding_format\":\"base64\"")).GetProperty("data")[0].GetProperty("embedding").GetBytesFromBase64();

        Assert.Equal(64, floats.Length);
        Assert.Equal(floats, MemoryMarshal.Cast<byte, float>(bytes).ToArray());
        Assert.Equal(1, floats.Sum(f => f * f), 0.001);
    }

    [Fact]
    public async Task Embeddings_TextsThatShareWords_LieCloserThanOthers()
    {
        var data = (await EmbedAsync("\"dimensions\":256", "[\"the cat sat on the mat\",\"a cat sat on a mat\",\"quarterly revenue grew again\"]")).GetProperty("data");
        var vectors = data.EnumerateArray().Select(d => d.GetProperty("embedding").EnumerateArray().Select(e => e.GetSingle()).ToArray()).ToArray();

        Assert.True(Dot(vectors[0], vectors[1]) > 0.5);
        Assert.True(Dot(vectors[0], vectors[2]) < 0.4);

        static double Dot(float[] a, float[] b) => a.Zip(b, (x, y) => x * y).Sum();
    }

    [Fact]
    public async Task Embeddings_Defaults_Has1536DimensionsAndUsage()
    {
        var reply = await EmbedAsync("", "\"12345678\"");

        Assert.Equal(1536, reply.GetProperty("data")[0].GetProperty("embedding").GetArrayLength());
        Assert.Equal(2, reply.GetProperty("usage").GetProperty("prompt_tokens").GetInt32());
        Assert.Equal(2, reply.GetProperty("usage").GetProperty("total_tokens").GetInt32());
    }

    [Fact]
    public async Task Embeddings_TokenIds_AreCounted()
    {
        var reply = await EmbedAsync("", "[[1,2,3],[4,5]]");

        Assert.Equal(2, reply.GetProperty("data").GetArrayLength());
        Assert.Equal(5, reply.GetProperty("usage").GetProperty("prompt_tokens").GetInt32());
    }

    [Theory]
    [InlineData("{\"model\":\"m\"}", "input")]
    [InlineData("{\"model\":\"m\",\"input\":[]}", "input")]
    [InlineData("{\"model\":\"m\",\"input\":\"x\",\"dimensions\":0}", "dimensions")]
    [InlineData("{\"model\":\"m\",\"input\":\"x\",\"encoding_format\":\"hex\"}", "encoding_format")]
    [InlineData("{\"input\":\"x\"}", "model")]
    public async Task Embeddings_BadRequest_NamesTheParameter(string body, string param)
    {
        using var response = await Http.PostAsync("v1/embeddings", Json(body), Timeout);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(param, (await ReadAsync(response)).GetProperty("error").GetProperty("param").GetString());
    }

    [Fact]
    public async Task Embeddings_Scripted_FollowTheScript()
    {
        Simulator.ScriptFor("sim-embed", "status=503");

        using var response = await Http.PostAsync("v1/embeddings", Json("{\"model\":\"sim-embed\",\"input\":\"x\"}"), Timeout);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
    }

    private async Task<JsonElement> EmbedAsync(string more = "", string input = "\"hello\"")
    {
        using var response = await Http.PostAsync(
            "v1/embeddings", Json($$"""{"model":"sim-embed","input":{{input}}{{(more.Length > 0 ? "," + more : "")}}}"""), Timeout);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await ReadAsync(response);
    }
}
