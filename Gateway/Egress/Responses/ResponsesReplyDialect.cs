using System.Buffers;
using System.Text.Json;
using AspireGateway.Gateway.Egress.OpenAi;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Egress.Responses;

/// <summary>OpenAI's Responses (API reference, "Responses", "Streaming events"). Errors before a reply have the same shape as everywhere at OpenAI.</summary>
internal sealed class ResponsesReplyDialect : IReplyDialect
{
    /// <inheritdoc />
    public ReadOnlySpan<byte> EndEvent => default;

    /// <inheritdoc />
    public void WriteError(IBufferWriter<byte> output, Refusal refusal, string requestId) =>
        OpenAiReplyDialect.Write(output, refusal, ResponsesFailure.ParamOf(refusal));

    /// <summary>A stream that passed through as it came: how many events went before is not known here, so these are numbered from a million on, rising as promised.</summary>
    public void WriteStreamError(IBufferWriter<byte> output, Refusal refusal, string requestId)
    {
        const long BehindEverything = 1_000_000;
        ResponsesFailure.Write(output, refusal, "resp_" + requestId.Replace("-", "", StringComparison.Ordinal), BehindEverything);
    }

    /// <inheritdoc />
    public void WriteReply(ChatReply reply, in ReplyContext context, Utf8JsonWriter writer) =>
        new ResponseObjectWriter(context).Write(writer, reply, ResponseObjectWriter.StatusOf(reply));

    /// <inheritdoc />
    public IReplyStreamWriter OpenStream(in ReplyContext context, IBufferWriter<byte> output) => new ResponsesStreamWriter(context, output);
}
