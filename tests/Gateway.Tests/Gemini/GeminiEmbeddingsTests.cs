using System.Buffers;
using System.Text;
using System.Text.Json;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Providers;

namespace AspireGateway.Gateway.Tests.Gemini;

/// <summary>Embeddings of both APIs.</summary>
public sealed class GeminiEmbeddingsTests
{
    [Theory]
    [InlineData("gemini", """{"requests":[{"model":"models/gemini-embedding-001","content":{"parts":[{"text":"a \"b\""}]},"outputDimensionality":256},{"model":"models/gemini-embedding-001","content":{"parts":[{"text":"c"}]},"outputDimensionality":256}]}""")]
    [InlineData("vertex", """{"instances":[{"content":"a \"b\""},{"content":"c"}],"parameters":{"autoTruncate":false,"outputDimensionality":256}}""")]
    public void Request_OfSeveralTexts_IsWritten(string protocol, string expected)
    {
        var request = new EmbeddingsRequest { Dimensions = 256, WantsBase64 = true };
        request.Inputs.AddRange([JsonText.Of("a \"b\""), JsonText.Of("c")]);
        var dropped = new DroppedFields();

        Assert.Null(Write(protocol, request, dropped, out var body));

        Assert.Equal(expected, body);
        Assert.Equal(0, dropped.Count);
    }

    [Theory]
    [InlineData("gemini")]
    [InlineData("vertex")]
    public void Request_OfTokenNumbers_IsRefused(string protocol) =>
        Assert.Equal("input", Write(protocol, new EmbeddingsRequest { HasTokenInputs = true }, new DroppedFields(), out _)?.Param);

    [Fact]
    public void Reply_OfGemini_IsRead()
    {
        var reply = Read("gemini", """{"embeddings":[{"values":[0.5,-1e-3]},{"values":[1,2]}]}""");
        Assert.Equal([[0.5f, -0.001f], [1f, 2f]], reply!.Vectors);
        Assert.Null(reply.Usage);
    }

    [Fact]
    public void Usage_OfGemini_IsReadWhereReported() =>
        Assert.Equal(new TokenUsage(3, 0, 0, 0, 0), Read("gemini", """{"embeddings":[{"values":[1]}],"usageMetadata":{"promptTokenCount":3,"totalTokenCount":3}}""")!.Usage);

    [Fact]
    public void Reply_OfVertex_IsReadWithItsTokens()
    {
        var reply = Read("vertex", """{"predictions":[{"embeddings":{"statistics":{"truncated":false,"token_count":6},"values":[0.5,2]}},{"embeddings":{"values":[1,2],"statistics":{"token_count":5.0}}}],"metadata":{"billableCharacterCount":20}}""");
        Assert.Equal([[0.5f, 2f], [1f, 2f]], reply!.Vectors);
        Assert.Equal(new TokenUsage(11, 0, 0, 0, 0), reply.Usage);
    }

    [Theory]
    [InlineData("gemini", "{}")]
    [InlineData("gemini", "{\"embeddings\":[]}")]
    [InlineData("gemini", "{\"embeddings\":[{\"values\":[]}]}")]
    [InlineData("gemini", "{\"embeddings\":[{\"values\":[\"x\"]}]}")]
    [InlineData("gemini", "{\"embeddings\":[{\"values\":[1]},{}]}")]
    [InlineData("gemini", "{\"embeddings\":[{\"values\":[1]")]
    [InlineData("vertex", "{\"predictions\":[{}]}")]
    [InlineData("vertex", "{\"predictions\":[{\"embeddings\":{\"statistics\":{}}}]}")]
    [InlineData("vertex", "[]")]
    public void NoReply_IsToldApart(string protocol, string body) => Assert.Null(Read(protocol, body));

    private static Refusal? Write(string protocol, EmbeddingsRequest request, DroppedFields dropped, out string body)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true });
        var refusal = ProviderModules.Find(protocol)!.Embeddings!.WriteRequest(request, Deployments.Of("gemini-embedding-001", protocol), writer, dropped);
        writer.Flush();
        body = Encoding.UTF8.GetString(buffer.WrittenSpan);
        return refusal;
    }

    private static EmbeddingsReply? Read(string protocol, string body)
    {
        var reply = new EmbeddingsReply();
        return ProviderModules.Find(protocol)!.Embeddings!.TryReadReply(Encoding.UTF8.GetBytes(body), reply) ? reply : null;
    }
}
