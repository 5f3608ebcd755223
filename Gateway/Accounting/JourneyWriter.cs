using System.Buffers;
using System.Text.Json;
using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Accounting;

/// <summary>
/// Writes the journey document (<see cref="Shared.Contracts.JourneyDocument"/>) by hand into a buffer that each thread keeps: it is made for every
/// request and read for few.
/// </summary>
internal static class JourneyWriter
{
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? buffer;

    [ThreadStatic]
    private static Utf8JsonWriter? writer;

    /// <summary>The document in UTF-8, valid until this thread writes the next one.</summary>
    public static ReadOnlyMemory<byte> Write(Exchange exchange)
    {
        buffer ??= new ArrayBufferWriter<byte>(2048);
        buffer.ResetWrittenCount();
        writer ??= new Utf8JsonWriter(buffer);
        writer.Reset(buffer);

        writer.WriteStartObject();
        writer.WriteNumber("version"u8, 1);
        writer.WriteString("gateway"u8, GatewayInstance.Name);
        writer.WriteNumber("revision"u8, exchange.Snapshot?.Revision ?? 0);
        if (exchange.Request?.Model is { Length: <= 200 } requested) writer.WriteString("requested_model"u8, requested);
        writer.WriteNumber("request_bytes"u8, exchange.Request?.Body.Length ?? 0);
        writer.WriteNumber("reply_bytes"u8, exchange.Reply.Bytes);
        if (exchange.Plan is { } plan)
        {
            writer.WriteString("route_reason"u8, plan.Reason);
            writer.WriteStartArray("candidates"u8);
            foreach (var candidate in plan.Candidates)
            {
                writer.WriteStartObject();
                writer.WriteString("deployment"u8, candidate.Deployment.Name);
                writer.WriteString("provider"u8, candidate.Deployment.Provider.Slug);
                if (candidate.Dropped is not null) writer.WriteString("dropped"u8, candidate.Dropped);
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
        }
        WriteAttempts(writer, exchange);
        WriteSteps(writer, exchange);
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenMemory;
    }

    private static void WriteAttempts(Utf8JsonWriter writer, Exchange exchange)
    {
        writer.WriteStartArray("attempts"u8);
        foreach (ref readonly var attempt in exchange.Call.Attempts)
        {
            writer.WriteStartObject();
            writer.WriteString("deployment"u8, attempt.Candidate.Deployment.Name);
            writer.WriteNumber("start_us"u8, attempt.StartUs);
            if (attempt.FirstByteUs is { } firstByte) writer.WriteNumber("first_byte_us"u8, firstByte);
            writer.WriteNumber("end_us"u8, attempt.EndUs);
            if (attempt.Status is { } status) writer.WriteNumber("status"u8, status);
            writer.WriteString("outcome"u8, attempt.Outcome);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private static void WriteSteps(Utf8JsonWriter writer, Exchange exchange)
    {
        writer.WriteStartArray("steps"u8);
        for (var i = 0; i < exchange.Steps.Count; i++)
        {
            var (name, endUs) = exchange.Steps[i];
            writer.WriteStartObject();
            writer.WriteString("name"u8, name);
            writer.WriteNumber("end_us"u8, endUs);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }
}

/// <summary>This process among the gateways.</summary>
internal static class GatewayInstance
{
    /// <summary>Host and process id.</summary>
    public static string Name { get; } = $"{Environment.MachineName}:{Environment.ProcessId}";
}
