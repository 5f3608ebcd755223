using System.Text;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Providers;
using AspireGateway.Gateway.Providers.Bedrock;
using AspireGateway.Gateway.Providers.Calling;
using AspireGateway.Gateway.Tests.Golden;
using FsCheck;
using FsCheck.Fluent;

namespace AspireGateway.Gateway.Tests.Bedrock;

/// <summary>Whatever a provider sends: no exception, no endless loop, no more out than came in.</summary>
public sealed class BedrockFuzzTests
{
    private static readonly byte[][] Streams = [.. GoldenCases.In("BedrockStreams", "bin").Select(name => GoldenCases.Read("BedrockStreams", name, "in", "bin"))];
    private static readonly byte[][] Replies = [.. GoldenCases.In("BedrockReplies", "json").Select(name => GoldenCases.Read("BedrockReplies", name, "in", "json"))];

    [Fact]
    public void Frames_Mutated_AreCutOrJudgedMalformed() => ForMutants(Streams, bytes =>
    {
        var at = 0;
        var frames = 0;
        while (AmazonFrameScanner.FirstFrameLength(bytes.AsSpan(at), EventStream.MaxEventBytes) is > 0 and var length)
        {
            at += length;
            frames++;
        }
        return at <= bytes.Length && frames <= bytes.Length / AmazonFrameScanner.SmallestFrame;
    });

    // Past the checksums, so that the reader itself is reached: payloads and headers are mutated, then signed again.
    [Fact]
    public void StreamReader_MutatedFrames_NeverThrows() => ForMutants([.. Streams.SelectMany(Frames.Cut)], bytes =>
    {
        var reader = new BedrockStreamReader();
        var sink = new EventDump();
        _ = new BedrockModule().FailureIn(bytes);
        reader.Read(bytes, sink);
        reader.Read(bytes, sink);
        reader.End(sink);
        return sink.Count <= bytes.Length + 16 && sink.ToString().Length <= 4 * bytes.Length + 2_000;
    });

    [Fact]
    public void StreamReader_MutatedPayloads_NeverThrows()
    {
        var payloads = Streams.SelectMany(Frames.Cut).Select(frame => BedrockFrame.TryRead(frame, out var opened) ? opened.Payload.ToArray() : []).Where(payload => payload.Length > 0).ToArray();
        string[] types = ["messageStart", "contentBlockStart", "contentBlockDelta", "contentBlockStop", "messageStop", "metadata"];
        ForMutants(payloads, bytes =>
        {
            var reader = new BedrockStreamReader();
            var sink = new EventDump();
            foreach (var type in types) reader.Read(Frames.Of([(":event-type", type), (":message-type", "event")], bytes), sink);
            reader.Read(Frames.Of([(":exception-type", "validationException"), (":message-type", "exception")], bytes), sink);
            reader.End(sink);
            return sink.Count <= 8 * bytes.Length + 16;
        });
    }

    [Fact]
    public void ReplyReader_MutatedReplies_NeverThrows() => ForMutants(Replies, bytes =>
    {
        var whole = new ReplyBuilder();
        var isReply = BedrockReplyReader.TryRead(bytes, whole);
        if (isReply) whole.Finish();
        return !isReply || whole.Reply.Choices.Count == 1;
    });

    [Fact]
    public void FailureReader_MutatedBodies_AlwaysSaysSomething() => ForMutants(Replies, bytes =>
        BedrockFailureReader.Read(new FailedReply { Status = 400 + (bytes.Length % 130), Body = bytes, AmazonErrorType = Encoding.Latin1.GetString(bytes.AsSpan(0, Math.Min(80, bytes.Length))) })
            .Refusal.Message.Length is > 0 and < 1_000);

    [Fact]
    public void EmbeddingsReader_MutatedReplies_NeverThrows()
    {
        byte[][] replies =
        [
            """{"embedding":[0.5,-1e-3,1e38],"inputTextTokenCount":3,"embeddingsByType":{"float":[9]}}"""u8.ToArray(),
            """{"embeddings":{"int8":[[1]],"float":[[0.25,1],[2,3]]},"response_type":"embeddings_by_type"}"""u8.ToArray(),
        ];
        ForMutants(replies, bytes =>
        {
            var reply = new EmbeddingsReply();
            return !new BedrockEmbeddingsTranslator().TryReadReply(bytes, reply) || reply.Vectors.TrueForAll(vector => vector.All(float.IsFinite));
        });
    }

    [Fact]
    public void ReplyReader_DeepNesting_IsNoReply()
    {
        var deep = Encoding.UTF8.GetBytes("{\"output\":" + new string('[', 100_000));
        Assert.False(BedrockReplyReader.TryRead(deep, new EventDump()));
    }

    private static void ForMutants(byte[][] seeds, Func<byte[], bool> holds) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(10_000), Prop.ForAll(Arb.From(MutantOf(seeds)), holds));

    private static Gen<byte[]> MutantOf(byte[][] seeds) =>
        from seed in Gen.Elements(seeds)
        from kind in Gen.Choose(0, 5)
        from a in Gen.Choose(0, 1_000_000)
        from b in Gen.Choose(0, 1_000_000)
        from value in Gen.Choose(0, 255)
        select Mutate(seed, kind, a, b, (byte)value);

    private static byte[] Mutate(byte[] seed, int kind, int a, int b, byte value)
    {
        if (seed.Length == 0) return [value];
        var (from, to) = (a % seed.Length, b % seed.Length);
        if (from > to) (from, to) = (to, from);
        byte[] mutant;
        switch (kind)
        {
            case 0: // a byte changed
                mutant = [.. seed];
                mutant[from] = value;
                return mutant;
            case 1: // cut
                return seed[..from];
            case 2: // a stretch twice
                return [.. seed[..to], .. seed[from..]];
            case 3: // a stretch gone
                return [.. seed[..from], .. seed[to..]];
            case 4: // itself inside itself
                return [.. seed[..from], .. seed, .. seed[from..]];
            default: // structure characters moved in
                mutant = [.. seed];
                mutant[from] = (byte)"{}[]\":,\\"[value % 8];
                mutant[to] = (byte)"{}[]\":,\\"[(value >> 3) % 8];
                return mutant;
        }
    }
}
