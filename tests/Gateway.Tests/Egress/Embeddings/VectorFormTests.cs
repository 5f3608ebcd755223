using System.Text;
using System.Text.Json;
using AspireGateway.Gateway.Egress.Embeddings;
using AspireGateway.Gateway.Neutral;
using FsCheck;
using FsCheck.Fluent;

namespace AspireGateway.Gateway.Tests.Egress.Embeddings;

public sealed class VectorFormTests
{
    private const string Numbers = """{"object":"list","data":[{"object":"embedding","embedding":[1,-0.5,2.5e-3],"index":0},{"index":1,"embedding" : [0.1]}],"x":{"embedding":[9]},"usage":{"prompt_tokens":2}}""";
    private const string Base64 = """{"object":"list","data":[{"object":"embedding","embedding":"AACAPwAAAL8K1yM7","index":0},{"index":1,"embedding" : "zczMPQ=="}],"x":{"embedding":[9]},"usage":{"prompt_tokens":2}}""";

    [Fact]
    public void Numbers_BecomeBase64_AndTheRestStaysAsItWas() => Assert.Equal(Base64, Converted(Numbers, toBase64: true));

    [Fact]
    public void Base64_BecomesNumbers_AndTheRestStaysAsItWas() =>
        Assert.Equal(Numbers.Replace("2.5e-3", "0.0025", StringComparison.Ordinal), Converted(Base64, toBase64: false));

    [Theory]
    [InlineData(Numbers, false)]
    [InlineData(Base64, true)]
    [InlineData("""{"data":[]}""", true)]
    [InlineData("""{"data":[{"embedding":["no number"]}]}""", true)]
    [InlineData("""{"data":[{"embedding":"no base64!"}]}""", false)]
    [InlineData("""{"data":[{"embedding":[1,2""", true)]
    public void Body_ThatNeedsNothingOrMakesNoSense_StaysAsItWas(string body, bool toBase64) => Assert.Null(Converted(body, toBase64));

    [Fact]
    public void Vectors_ThereAndBack_AreTheSameBitByBit()
    {
        var finite = Gen.Choose(int.MinValue, int.MaxValue).Select(BitConverter.Int32BitsToSingle).Where(float.IsFinite);
        var vectors = Gen.Choose(1, 40).SelectMany(length => finite.ArrayOf(length));

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2_000), Prop.ForAll(vectors.ToArbitrary(), vector =>
        {
            var numbers = "{\"data\":[{\"embedding\":" + JsonSerializer.Serialize(vector) + "}]}";
            var back = Converted(Converted(numbers, toBase64: true)!, toBase64: false)!;
            var read = JsonDocument.Parse(back).RootElement.GetProperty("data")[0].GetProperty("embedding").EnumerateArray().Select(value => value.GetSingle());
            return read.Select(BitConverter.SingleToInt32Bits).SequenceEqual(vector.Select(BitConverter.SingleToInt32Bits));
        }));
    }

    [Theory]
    [InlineData(false, "[1,-0.5]")]
    [InlineData(true, "\"AACAPwAAAL8=\"")]
    public void NeutralReply_IsWrittenInOpenAisShape(bool asBase64, string vector)
    {
        var reply = new EmbeddingsReply();
        reply.Vectors.Add([1, -0.5f]);
        using var output = new PooledBufferWriter();
        using (var writer = new Utf8JsonWriter(output)) EmbeddingsReplyWriter.Write(reply, asBase64, "\"up\""u8, 7, writer);

        Assert.Equal(
            """{"object":"list","data":[{"object":"embedding","index":0,"embedding":""" + vector + """}],"model":"up","usage":{"prompt_tokens":7,"total_tokens":7}}""",
            Encoding.UTF8.GetString(output.Written.Span));
    }

    private static string? Converted(string body, bool toBase64)
    {
        using var converted = VectorForm.Convert(Encoding.UTF8.GetBytes(body), toBase64);
        return converted is null ? null : Encoding.UTF8.GetString(converted.Written.Span);
    }
}
