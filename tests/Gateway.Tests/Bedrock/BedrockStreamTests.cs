using System.Text;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Providers;
using AspireGateway.Gateway.Providers.Bedrock;
using AspireGateway.Gateway.Tests.Golden;

namespace AspireGateway.Gateway.Tests.Bedrock;

/// <summary>What a stream of ConverseStream means.</summary>
public sealed class BedrockStreamTests
{
    public static TheoryData<string> Cases => [.. GoldenCases.In("BedrockStreams", "bin")];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Stream_Events_EqualGolden(string name)
    {
        var dump = Read(Frames.Cut(GoldenCases.Read("BedrockStreams", name, "in", "bin")));
        Assert.Equal(Encoding.UTF8.GetString(GoldenCases.Read("BedrockStreams", name, "out", "txt")), dump);
    }

    [Fact]
    public void FirstEvent_ThatIsAnException_IsAFailure()
    {
        var module = new BedrockModule();
        var throttled = Frames.Cut(GoldenCases.Read("BedrockStreams", "error-first", "in", "bin"))[0];
        Assert.Equal("rate_limited", module.FailureIn(throttled)!.Outcome);
        var tooLong = Frames.Cut(GoldenCases.Read("BedrockStreams", "error-context", "in", "bin"))[0];
        Assert.Equal(("context_length", "context_length_exceeded"), (module.FailureIn(tooLong)!.Outcome, module.FailureIn(tooLong)!.Refusal.Code));
        Assert.Null(module.FailureIn(Frames.Event("messageStart", """{"role":"assistant"}""")));
    }

    [Fact]
    public void TextDelta_Read_AllocatesNothing()
    {
        var reader = new BedrockStreamReader();
        var sink = new CountingSink();
        var frame = Frames.Event("contentBlockDelta", """{"contentBlockIndex":0,"delta":{"text":"some \"words\""},"p":"abcdefgh"}""");
        for (var i = 0; i < 100; i++) reader.Read(frame, sink);

        var least = long.MaxValue;
        for (var round = 0; round < 5; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 1_000; i++) reader.Read(frame, sink);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
        Assert.Equal(5_100, sink.Deltas);
    }

    internal static string Read(IEnumerable<byte[]> frames)
    {
        var reader = new BedrockStreamReader();
        var dump = new EventDump();
        var step = StreamStep.More;
        foreach (var frame in frames)
        {
            step = reader.Read(frame, dump);
            if (step != StreamStep.More) break;
        }
        if (step == StreamStep.More)
        {
            dump.Note("(closed)");
            step = reader.End(dump);
        }
        dump.Note(reader.Failure is { } failure ? $"{step}: {failure.Outcome} {failure.Refusal.Code} {failure.Refusal.Message}" : step.ToString());
        return dump.ToString();
    }

    private sealed class CountingSink : IReplySink
    {
        public int Deltas { get; private set; }

        public void Take(in ReplyEvent replyEvent)
        {
            if (replyEvent.Kind == ReplyEventKind.Delta) Deltas++;
        }
    }
}
