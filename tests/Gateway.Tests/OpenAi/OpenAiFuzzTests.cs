using System.Buffers;
using System.Text.Json;
using AspireGateway.Gateway.Egress;
using AspireGateway.Gateway.Egress.OpenAi;
using AspireGateway.Gateway.Egress.Responses;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Ingress.OpenAi;
using AspireGateway.Gateway.Ingress.Responses;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Providers;
using AspireGateway.Gateway.Providers.OpenAi;
using AspireGateway.Gateway.Providers.OpenAi.Translating;
using AspireGateway.Gateway.Tests.Anthropic;
using AspireGateway.Gateway.Tests.Neutral;
using FsCheck;
using FsCheck.Fluent;

namespace AspireGateway.Gateway.Tests.OpenAi;

/// <summary>Whatever comes: no exception, no endless loop, nothing larger than what came would explain, and what was read can be written as JSON again.</summary>
public sealed class OpenAiFuzzTests
{
    private static readonly Config Cases = Config.QuickThrowOnFailure.WithMaxTest(10_000);
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 400 };
    private static readonly IReplyDialect[] Dialects = [new OpenAiReplyDialect(), new ResponsesReplyDialect()];
    private static readonly OpenAiVendor[] Vendors = [OpenAiCase.Vendor("openai"), OpenAiCase.Vendor("mistral"), OpenAiCase.Vendor("openrouter"), OpenAiCase.Vendor("deepseek")];

    [Fact]
    public void Streams_Damaged_NeverThrow()
    {
        var streams = OpenAiCase.All("OpenAiChatStreams", "sse");
        Check.One(Cases, Prop.ForAll(Mutation.Of(streams).ToArbitrary(), bytes =>
        {
            var data = OpenAiCase.DataOf(bytes);
            var events = new EventDump();
            var step = OpenAiCase.Read(data, events, out _);
            if (step == StreamStep.More || events.Count > bytes.Length + 512) return false;

            var output = new ArrayBufferWriter<byte>();
            var writer = Dialects[bytes.Length % 2].OpenStream(OpenAiCase.Context, output);
            OpenAiCase.Read(data, writer, out _);
            writer.WriteClosing();
            writer.WriteTerminal();
            foreach (var written in OpenAiCase.DataOf(output.WrittenSpan))
                if (!written.AsSpan().SequenceEqual("[DONE]"u8)) JsonDocument.Parse(written, Deep).Dispose();

            var facts = new ReplyFacts();
            foreach (var one in data)
            {
                _ = new OpenAiModule().FailureIn(one);
                _ = OpenAiStreamReader.Read(one, facts, hideUsage: true);
                _ = ResponsesStreamReader.Read(one, facts);
            }
            return output.WrittenCount <= bytes.Length * 100 + 200_000;
        }));
    }

    [Fact]
    public void Replies_Damaged_NeverThrow()
    {
        var replies = OpenAiCase.All("OpenAiChatReplies", "json");
        Check.One(Cases, Prop.ForAll(Mutation.Of(replies).ToArbitrary(), bytes =>
        {
            var events = new EventDump();
            _ = ChatReplyReader.TryRead(bytes, events);
            var builder = new ReplyBuilder();
            if (ChatReplyReader.TryRead(bytes, builder)) JsonDocument.Parse(OpenAiCase.WriteReply(Dialects[bytes.Length % 2], builder.Finish()), Deep).Dispose();
            _ = OpenAiReplyReader.TryRead(bytes, new ReplyFacts());
            _ = OpenAiFailureReader.Read(400, null, bytes);
            _ = OpenAiFailureReader.InStream(bytes);
            return events.Faults.Count == 0 && events.Count <= bytes.Length;
        }));
    }

    [Fact]
    public void ChatRequests_Damaged_AreReadOrRefused() => Requests(new OpenAiRequestDialect(), OpenAiCase.All("OpenAiDialect", "json"));

    [Fact]
    public void ResponsesRequests_Damaged_AreReadOrRefused() => Requests(new ResponsesRequestDialect(), OpenAiCase.All("ResponsesDialect", "json"));

    [Fact]
    public void VendorEdits_OfDamagedRequests_LeaveJson()
    {
        var bodies = OpenAiCase.All("OpenAiDialect", "json");
        var operations = Vendors.Select(vendor => new OpenAiDirectOperation(vendor)).ToArray();
        var deployment = Matrix.Protocols.Deployment("openai");
        Check.One(Cases, Prop.ForAll(Mutation.Of(bodies).ToArbitrary(), bytes =>
        {
            var facts = new RequestFacts(bytes, bytes.Length);
            if (RequestFactsReader.Read(facts, Operation.ChatCompletions, 64) is not null) return true;
            var at = 0;
            var output = new ArrayBufferWriter<byte>();
            foreach (var edit in operations[bytes.Length % operations.Length].EditRequest(facts, deployment, new DroppedFields()))
            {
                if (edit.Start < at || edit.End < edit.Start) return false;
                output.Write(bytes.AsSpan(at, edit.Start - at));
                output.Write(edit.Replacement);
                at = edit.End;
            }
            output.Write(bytes.AsSpan(at));
            JsonDocument.Parse(output.WrittenMemory, Deep).Dispose();
            return true;
        }));
    }

    private static void Requests(IRequestDialect dialect, byte[][] bodies) =>
        Check.One(Cases, Prop.ForAll(Mutation.Of(bodies).ToArbitrary(), bytes =>
        {
            var request = new ChatRequest();
            // Bodies reach the dialect only when they are JSON objects; here also when not.
            if (dialect.Read(bytes, request) is not null) return true;
            var (json, refusal) = OpenAiCase.Write(request, Vendors[bytes.Length % Vendors.Length], new DroppedFields());
            if (refusal is null) JsonDocument.Parse(json, Deep).Dispose();
            return json.Length <= bytes.Length * 8 + 4096;
        }));
}
