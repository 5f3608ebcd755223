using System.Buffers;
using System.Text.Json;
using AspireGateway.Gateway.Accounting;
using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Egress;

/// <summary>The gateway's facts inside a body: the <c>gateway</c> object of a reply, and the comment that closes a stream.</summary>
internal static class GatewayMetadata
{
    /// <summary>The <c>gateway</c> property of a reply's body, with the comma that joins it to the others.</summary>
    public static ReadOnlyMemory<byte> AsProperty(Exchange exchange, Spend spend, bool isFirst)
    {
        var json = new ArrayBufferWriter<byte>(512);
        json.Write(isFirst ? "\"gateway\":"u8 : ",\"gateway\":"u8);
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            writer.WriteString("request_id"u8, exchange.RequestId);
            writer.WriteString("model"u8, exchange.Plan!.Model.Name);
            if (exchange.Call.Standing is { } reply)
            {
                writer.WriteString("deployment"u8, reply.Candidate.Deployment.Name);
                writer.WriteString("provider"u8, reply.Candidate.Deployment.Provider.Slug);
            }
            writer.WriteString("route"u8, exchange.Operation.Name);
            writer.WriteString("route_reason"u8, exchange.Plan.Reason);
            writer.WriteNumber("attempts"u8, exchange.Call.AttemptCount);
            if (exchange.Cache is { } cache)
            {
                writer.WriteString("cache"u8, cache.Status);
                if (cache.Similarity is { } similarity) writer.WriteNumber("cache_similarity"u8, Math.Round(similarity, 3));
            }
            WriteSpend(writer, exchange, spend);
            writer.WriteEndObject();
        }
        return json.WrittenMemory;
    }

    /// <summary>The comment before a stream's end marker: <c>: gateway {...}</c> and a blank line. Readers of events ignore comments.</summary>
    public static void WriteClosingComment(IBufferWriter<byte> output, Exchange exchange, Spend spend)
    {
        output.Write(": gateway "u8);
        using (var writer = new Utf8JsonWriter(output))
        {
            writer.WriteStartObject();
            WriteSpend(writer, exchange, spend);
            writer.WriteEndObject();
        }
        output.Write("\n\n"u8);
    }

    private static void WriteSpend(Utf8JsonWriter writer, Exchange exchange, Spend spend)
    {
        Span<char> usd = stackalloc char[UsdFormat.MaxLength];
        writer.WritePropertyName("cost_usd"u8);
        writer.WriteRawValue(usd[..UsdFormat.Write(spend.CostNanoUsd, usd)], skipInputValidation: true);
        writer.WriteNumber("input_tokens"u8, spend.Usage.TotalInput);
        writer.WriteNumber("output_tokens"u8, spend.Usage.Output);
        writer.WriteNumber("latency_ms"u8, Math.Round(exchange.ElapsedUs / 1000.0, 2));
        if (spend.IsEstimated) writer.WriteBoolean("estimated"u8, true);
    }
}
