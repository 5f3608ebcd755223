using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Providers;
using AspireGateway.Gateway.Tests.Golden;
using AspireGateway.Gateway.Tests.Neutral;
using FsCheck;
using FsCheck.Fluent;

namespace AspireGateway.Gateway.Tests.Gemini;

/// <summary>Whatever a provider sends, readers say what it is: they do not throw, and keep the order of events.</summary>
public sealed class GeminiFuzzTests
{
    private const int Cases = 10_000;

    private static readonly IProviderModule Module = ProviderModules.Find("gemini")!;

    private static readonly byte[][] Bodies =
    [
        .. GoldenCases.In("GeminiReplies", "json").Select(name => GoldenCases.Read("GeminiReplies", name, "in", "json")),
        .. GoldenCases.In("GeminiStreams", "sse").SelectMany(name => GeminiReplyGoldenTests.EventsOf(GoldenCases.Read("GeminiStreams", name, "in", "sse"))),
        """{"embeddings":[{"values":[0.5,-1e-3]},{"values":[1,2]}],"usageMetadata":{"promptTokenCount":3}}"""u8.ToArray(),
        """{"predictions":[{"embeddings":{"values":[0.5],"statistics":{"token_count":3.0,"truncated":false}}}]}"""u8.ToArray(),
        """[{"error":{"code":429,"status":"RESOURCE_EXHAUSTED","details":[{"retryDelay":"3s"}]}}]"""u8.ToArray(),
    ];

    [Fact]
    public void ReplyReader_WhateverComes_KeepsItsPromises() => Check(body =>
    {
        var dump = new EventDump();
        _ = Module.Chat!.TryReadReply(body, dump);
        Assert.Empty(dump.Faults);
        Assert.True(dump.Count <= (body.Length * 2) + 10);
        _ = Module.RejectionIn(body);
    });

    [Fact]
    public void StreamReader_WhateverComes_KeepsItsPromises() => Check(body =>
    {
        var dump = new EventDump();
        var reader = Module.Chat!.OpenStream();
        _ = Module.FailureIn(body);
        if (reader.Read(Bodies[0], dump) != StreamStep.Failed && reader.Read(body, dump) != StreamStep.Failed) _ = reader.End(dump);
        Assert.Empty(dump.Faults);
        Assert.True(dump.Count <= (body.Length * 2) + 100);
    });

    [Fact]
    public void FailureReader_WhateverComes_HasAnOutcome() => Check(body =>
    {
        var failure = Module.ReadFailure(new FailedReply { Status = 400 + (body.Length % 200), Body = body });
        Assert.NotEmpty(failure.Outcome);
        Assert.True(failure.Refusal.Message.Length < 1_000);
    });

    [Fact]
    public void EmbeddingsReaders_WhateverComes_KeepTheirPromises() => Check(body =>
    {
        foreach (var protocol in new[] { "gemini", "vertex" })
        {
            var reply = new EmbeddingsReply();
            if (ProviderModules.Find(protocol)!.Embeddings!.TryReadReply(body, reply)) Assert.NotEmpty(reply.Vectors);
            Assert.True(reply.Usage is null or { Input: >= 0, CacheRead: >= 0, Output: >= 0 });
        }
    });

    private static void Check(Action<byte[]> read)
    {
        var change = Gen.Choose(0, 4).SelectMany(kind => Gen.Choose(0, int.MaxValue).Zip(Gen.Choose(0, 255)).Select(at => (kind, at.Item1, at.Item2)));
        var body = Gen.Elements(Bodies).SelectMany(original => Gen.Choose(0, 5).SelectMany(count => change.ArrayOf(count)).Select(changes => Changed(original, changes)));
        Prop.ForAll(body.ToArbitrary(), bytes =>
        {
            read(bytes);
            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(Cases));
    }

    private static byte[] Changed(byte[] original, (int Kind, int At, int Value)[] changes)
    {
        var bytes = original.ToList();
        foreach (var (kind, at, value) in changes)
        {
            if (bytes.Count == 0 || bytes.Count > 20_000) break;
            var index = at % bytes.Count;
            switch (kind)
            {
                case 0:
                    bytes[index] = (byte)value;
                    break;
                case 1:
                    bytes.RemoveRange(index, bytes.Count - index);
                    break;
                case 2:
                    bytes.InsertRange(index, bytes.GetRange(index, Math.Min(value, bytes.Count - index)));
                    break;
                case 3:
                    bytes.RemoveRange(index, Math.Min(value, bytes.Count - index));
                    break;
                default:
                    // Another case's piece where a value stands.
                    bytes.InsertRange(index, Bodies[value % Bodies.Length].Take(300));
                    break;
            }
        }
        return [.. bytes];
    }
}
