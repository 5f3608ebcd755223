using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using AspireGateway.Gateway.Egress.Anthropic;
using AspireGateway.Gateway.Ingress.Anthropic;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Providers;
using AspireGateway.Gateway.Providers.Anthropic;
using AspireGateway.Gateway.Tests.Golden;
using AspireGateway.Gateway.Tests.Neutral;

namespace AspireGateway.Gateway.Tests.Anthropic;

/// <summary>Requests, replies and streams of the Messages API, into the neutral words and back out of them.</summary>
public sealed class AnthropicGoldenTests
{
    public static TheoryData<string> Requests => [.. GoldenCases.In("AnthropicRequests", "json")];

    public static TheoryData<string> Replies => [.. GoldenCases.In("AnthropicReplies", "json")];

    public static TheoryData<string> Streams => [.. GoldenCases.In("AnthropicStreams", "sse")];

    [Theory]
    [MemberData(nameof(Requests))]
    public void Request_OfACaller_EqualsGoldenInBothDirections(string name)
    {
        var request = new ChatRequest();
        var refusal = new AnthropicRequestDialect().Read(GoldenCases.Read("AnthropicRequests", name, "in", "json"), request);

        GoldenFile.Check("AnthropicRequests", $"{name}.neutral.txt", RequestDump.Of(request, refusal));
        if (refusal is not null) return;
        var dropped = new DroppedFields();
        var (json, unwritten) = AnthropicCase.Write(request, dropped);
        Assert.Null(unwritten);
        Assert.Equal("", dropped.ToString());
        using var _ = JsonDocument.Parse(json);
        GoldenFile.Check("AnthropicRequests", $"{name}.out.json", json);
    }

    [Theory]
    [MemberData(nameof(Replies))]
    public void Reply_OfTheProvider_EqualsGoldenInBothDirections(string name)
    {
        var body = GoldenCases.Read("AnthropicReplies", name, "in", "json");
        var events = new EventDump();
        var builder = new ReplyBuilder();
        var isReply = AnthropicReplyReader.TryRead(body, events);
        var facts = new ReplyFacts();

        Assert.Equal(isReply, new AnthropicMessagesOperation().TryReadReply(body, facts));
        Assert.Equal(isReply, !name.StartsWith("error", StringComparison.Ordinal));
        if (!isReply) return;
        Assert.Empty(events.Faults);
        GoldenFile.Check("AnthropicReplies", $"{name}.events.txt", events.ToString());

        Assert.True(AnthropicReplyReader.TryRead(body, builder));
        Assert.Equal(facts.Usage, builder.Reply.Usage);
        var json = AnthropicCase.WriteReply(builder.Finish());
        using var _ = JsonDocument.Parse(json);
        GoldenFile.Check("AnthropicReplies", $"{name}.out.json", json);
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public void Stream_OfTheProvider_EqualsGoldenInBothDirections(string name)
    {
        var data = AnthropicCase.DataOf(GoldenCases.Read("AnthropicStreams", name, "in", "sse"));
        var events = new EventDump();
        var (step, failure) = AnthropicCase.Read(data, events);
        events.Note(string.Create(CultureInfo.InvariantCulture, $"= {step} {failure?.Outcome} {failure?.Refusal.Status}").TrimEnd());

        Assert.Empty(events.Faults);
        Assert.Equal(step == StreamStep.Done, !name.StartsWith("error", StringComparison.Ordinal));
        GoldenFile.Check("AnthropicStreams", $"{name}.events.txt", events.ToString());

        var output = new ArrayBufferWriter<byte>();
        var writer = new AnthropicReplyDialect().OpenStream(AnthropicCase.Context, output);
        AnthropicCase.Read(data, writer);
        if (step == StreamStep.Done)
        {
            writer.WriteClosing();
            writer.WriteTerminal();
        }
        foreach (var written in AnthropicCase.DataOf(output.WrittenSpan)) JsonDocument.Parse(written).Dispose();
        GoldenFile.Check("AnthropicStreams", $"{name}.out.sse", Encoding.UTF8.GetString(output.WrittenSpan));
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public void Stream_PassedOn_SaysTheSameAsTranslated(string name)
    {
        var data = AnthropicCase.DataOf(GoldenCases.Read("AnthropicStreams", name, "in", "sse"));
        var sink = new ReplyBuilder();
        var (step, _) = AnthropicCase.Read(data, sink);
        var facts = new ReplyFacts();
        var operation = new AnthropicMessagesOperation();
        var last = StreamAction.Forward;
        foreach (var one in data)
        {
            last = operation.ReadEvent(one, facts, hideUsage: false).Action;
            if (last != StreamAction.Forward) break;
        }

        Assert.Equal(sink.Finish().Usage, facts.Usage);
        Assert.Equal(sink.Reply.Model.ToString(), facts.ServedModel);
        Assert.Equal(sink.Reply.Choices is [{ FinishReason: not null }], facts.IsFinished);
        Assert.True(facts.ContentEvents > 0);
        Assert.Equal(step == StreamStep.Done, facts.IsFinished && last is StreamAction.Done or StreamAction.Forward && facts.IsFinished);
    }
}
