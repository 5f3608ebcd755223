using System.Buffers;
using System.Text.Json;
using AspireGateway.Simulator.Composing;
using AspireGateway.Simulator.Replying;
using AspireGateway.Simulator.Scripting;

namespace AspireGateway.Simulator.Anthropic;

/// <summary>Anthropic's messages, or the counting of their tokens.</summary>
internal sealed class MessagesProtocol(PromptMemory memory, bool counts) : IProtocol
{
    public string StreamContentType => "text/event-stream; charset=utf-8";

    public ReadOnlyMemory<byte> Garbage { get; } =
        "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"del\n\n"u8.ToArray();

    public string? KeyOf(HttpRequest request) => AnthropicJson.KeyOf(request);

    public Refusal? Authorise(HttpRequest request, byte[] body) => AnthropicJson.Authorise(request);

    public ISimulatedRequest? Read(HttpRequest request, JsonElement body, out Refusal refusal)
    {
        var read = new MessagesReader(body, counts, request.Headers["anthropic-version"] == AnthropicJson.NewVersion).Read(memory, out refusal);
        return read is null ? null : counts ? new CountTokensRequest(read) : read;
    }

    public Refusal Describe(FailureKind failure, string model) => AnthropicJson.Describe(failure, model);

    public void WriteError(IBufferWriter<byte> into, Refusal refusal) => AnthropicJson.WriteError(into, refusal);

    public void AddHeaders(IHeaderDictionary headers, string requestId, Refusal? refusal) => AnthropicJson.AddHeaders(headers, requestId, refusal);
}

/// <summary>A messages request: the question, and what only Anthropic's protocol knows.</summary>
internal sealed record MessagesRequest : Question
{
    /// <summary>True when the cache marks ask for an hour instead of five minutes.</summary>
    public bool CachesForAnHour { get; init; }

    /// <summary>True when thoughts are to be told by their signature only.</summary>
    public bool OmitsThoughts { get; init; }

    public override IAnswer Answer(Directives directives, string id, DateTimeOffset now) => new MessagesAnswer(this, directives, $"msg_sim{id}");
}

/// <summary>Asks only how many tokens a prompt has.</summary>
internal sealed record CountTokensRequest(MessagesRequest Counted) : ISimulatedRequest
{
    public string Model => Counted.Model;

    public bool Streams => false;

    public string Prompt => Counted.Prompt;

    public Refusal? Objection(Directives directives) => Counted.Objection(directives);

    public IAnswer Answer(Directives directives, string id, DateTimeOffset now) =>
        new CountTokensAnswer(directives.PromptTokens ?? Counted.PromptTokens);
}

/// <summary>The number of a prompt's tokens.</summary>
internal sealed class CountTokensAnswer(int tokens) : PlainAnswer
{
    public override void WritePlain(IBufferWriter<byte> into) => WireJson.WriteObject(into, writer => writer.WriteNumber("input_tokens", tokens));
}
