using AspireGateway.Gateway.Ingress.OpenAi;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Providers;
using AspireGateway.Gateway.Providers.OpenAi.Translating;
using AspireGateway.Gateway.Tests.Golden;
using AspireGateway.Gateway.Tests.Neutral;

namespace AspireGateway.Gateway.Tests.OpenAi;

/// <summary>What the readers make of OpenAI's words: requests of callers, replies and streams of providers.</summary>
public sealed class OpenAiGoldenTests
{
    public static TheoryData<string> Requests => [.. GoldenCases.In("OpenAiDialect", "json")];

    public static TheoryData<string> Replies => [.. GoldenCases.In("OpenAiChatReplies", "json")];

    public static TheoryData<string> Streams => [.. GoldenCases.In("OpenAiChatStreams", "sse")];

    [Theory]
    [MemberData(nameof(Requests))]
    public void Request_Read_EqualsGolden(string name) =>
        GoldenFile.Check("OpenAiDialect", name + ".out.txt", OpenAiCase.Dump(new OpenAiRequestDialect(), GoldenCases.Read("OpenAiDialect", name, "in", "json")));

    [Theory]
    [MemberData(nameof(Replies))]
    public void Reply_Read_EqualsGolden(string name)
    {
        var events = new EventDump();
        var isReply = ChatReplyReader.TryRead(GoldenCases.Read("OpenAiChatReplies", name, "in", "json"), events);
        if (!isReply) events.Note("[not a reply]");

        Assert.Empty(events.Faults);
        GoldenFile.Check("OpenAiChatReplies", name + ".out.txt", events.ToString());
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public void Stream_Read_EqualsGolden(string name)
    {
        var events = new EventDump();
        var step = OpenAiCase.Read(OpenAiCase.DataOf(GoldenCases.Read("OpenAiChatStreams", name, "in", "sse")), events, out var reader);
        events.Note($"[{step}{(reader.Failure is { } failure ? $": {failure.Outcome} {failure.Refusal.Message}" : "")}]");

        Assert.Empty(events.Faults);
        GoldenFile.Check("OpenAiChatStreams", name + ".out.txt", events.ToString());
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public void Stream_ReadWithAndWithoutTemplate_GivesTheSameEvents(string name)
    {
        // A reader per event knows no template; what it starts and stops by itself is left out of the comparison.
        var data = OpenAiCase.DataOf(GoldenCases.Read("OpenAiChatStreams", name, "in", "sse"));
        var texts = new TextSink();
        OpenAiCase.Read(data, texts, out _);
        var alone = new TextSink();
        foreach (var one in data)
            if (new ChatStreamReader().Read(one, alone) == StreamStep.Failed) break;

        Assert.Equal(alone.Text, texts.Text);
    }

    private sealed class TextSink : IReplySink
    {
        public string Text { get; private set; } = "";

        public void Take(in ReplyEvent replyEvent)
        {
            // Details that repeat plain thoughts are told apart by what came before, which a fresh reader does not know.
            if (replyEvent.Kind == ReplyEventKind.Delta && replyEvent.PartKind != PartKind.Thinking) Text += System.Text.Encoding.UTF8.GetString(replyEvent.Text) + "|";
        }
    }
}
