using System.Buffers;
using System.Text.Json;
using AspireGateway.Gateway.Egress.Anthropic;
using AspireGateway.Gateway.Ingress.Anthropic;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Providers;
using AspireGateway.Gateway.Providers.Anthropic;
using AspireGateway.Gateway.Tests.Golden;
using AspireGateway.Gateway.Tests.Neutral;
using FsCheck;
using FsCheck.Fluent;

namespace AspireGateway.Gateway.Tests.Anthropic;

/// <summary>Whatever comes: no exception, no endless loop, nothing larger than what came would explain, and never an order of events that a dialect could not write.</summary>
public sealed class AnthropicFuzzTests
{
    private static readonly Config Cases = Config.QuickThrowOnFailure.WithMaxTest(10_000);

    [Fact]
    public void Streams_Damaged_NeverThrowAndKeepTheirOrder()
    {
        var streams = All("AnthropicStreams", "sse");
        Check.One(Cases, Prop.ForAll(Mutation.Of(streams).ToArbitrary(), bytes =>
        {
            var data = AnthropicCase.DataOf(bytes);
            var events = new EventDump();
            var (step, _) = AnthropicCase.Read(data, events);
            if (step == StreamStep.More || events.Faults.Count > 0 || events.Count > bytes.Length) return false;

            // Recognised by its bytes or parsed, an event says the same: a space in front is for the parser.
            var parsed = new EventDump();
            if (AnthropicCase.Read(data.ConvertAll(one => (byte[])[(byte)' ', .. one]), parsed).Step != step || parsed.ToString() != events.ToString()) return false;

            // What can be read can be written, and every event of it is JSON again.
            var output = new ArrayBufferWriter<byte>();
            var writer = new AnthropicReplyDialect().OpenStream(AnthropicCase.Context, output);
            AnthropicCase.Read(data, writer);
            writer.WriteClosing();
            writer.WriteTerminal();
            foreach (var written in AnthropicCase.DataOf(output.WrittenSpan)) JsonDocument.Parse(written, new() { MaxDepth = 300 }).Dispose();

            var facts = new ReplyFacts();
            var module = new AnthropicModule();
            foreach (var one in data)
            {
                var verdict = new AnthropicMessagesOperation().ReadEvent(one, facts, hideUsage: false);
                // What the pump calls a failure, the module must be able to tell the reason of, and the other way round.
                if ((verdict.Action == StreamAction.Fail) != (module.FailureIn(one) is not null)) return false;
            }
            return output.WrittenCount <= bytes.Length * 40 + 4096;
        }));
    }

    [Fact]
    public void Replies_Damaged_NeverThrow()
    {
        Check.One(Cases, Prop.ForAll(Mutation.Of(All("AnthropicReplies", "json")).ToArbitrary(), bytes =>
        {
            var events = new EventDump();
            var builder = new ReplyBuilder();
            _ = AnthropicReplyReader.TryRead(bytes, events);
            if (AnthropicReplyReader.TryRead(bytes, builder)) JsonDocument.Parse(AnthropicCase.WriteReply(builder.Finish()), new() { MaxDepth = 300 }).Dispose();
            _ = new AnthropicMessagesOperation().TryReadReply(bytes, new ReplyFacts());
            _ = new AnthropicCountOperation().TryReadReply(bytes, new ReplyFacts());
            _ = new AnthropicModule().ReadFailure(new FailedReply { Status = 400, Body = bytes });
            return events.Faults.Count == 0 && events.Count <= bytes.Length;
        }));
    }

    [Fact]
    public void Requests_Damaged_AreReadOrRefused()
    {
        Check.One(Cases, Prop.ForAll(Mutation.Of(All("AnthropicRequests", "json")).ToArbitrary(), bytes =>
        {
            var request = new ChatRequest();
            if (new AnthropicRequestDialect().Read(bytes, request) is not null) return true;
            // What was accepted can be written, and is JSON again.
            var (json, refusal) = AnthropicCase.Write(request, new DroppedFields());
            if (refusal is null) JsonDocument.Parse(json, new() { MaxDepth = 300 }).Dispose();
            return json.Length <= bytes.Length * 6 + 4096;
        }));
    }

    private static byte[][] All(string folder, string extension) => [.. GoldenCases.In(folder, extension).Select(name => GoldenCases.Read(folder, name, "in", extension))];
}
