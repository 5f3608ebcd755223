using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using AspireGateway.Gateway.Accounting;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Gateway.Telemetry.RequestLog;

/// <summary>Writes a record as one line of JSON: names, figures and codes, never a word of a prompt or a reply. Not for several threads.</summary>
internal sealed class RequestLogLine : IDisposable
{
    private const double Milli = 1000;

    private readonly Utf8JsonWriter json = new(new ArrayBufferWriter<byte>(), new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });

    /// <summary>Writes the line with its end.</summary>
    public void Write(UsageRecord record, IBufferWriter<byte> line)
    {
        json.Reset(line);
        json.WriteStartObject();
        json.WriteString("timestamp"u8, record.At.UtcDateTime);
        Named("request_id"u8, record.RequestId);
        json.WriteString("organisation_id"u8, record.OrganisationId);
        json.WriteString("team_id"u8, record.TeamId);
        // What callers say may hold anything.
        Named("user_id"u8, record.UserId);
        json.WriteString("key_id"u8, record.KeyId);
        Named("feature"u8, record.Feature);
        Named("agent"u8, record.Agent);
        json.WriteString("route"u8, record.Route);
        Named("task"u8, record.Task);
        json.WriteString("model"u8, record.Model);
        json.WriteString("provider"u8, record.Provider);
        json.WriteString("deployment"u8, record.Deployment);
        Named("served_model"u8, record.ServedModel);
        List("fallback_chain"u8, record.FallbackChain);
        json.WriteNumber("input_tokens"u8, record.InputTokens);
        json.WriteNumber("cache_read_tokens"u8, record.CacheReadTokens);
        json.WriteNumber("cache_write_tokens"u8, record.CacheWriteTokens);
        json.WriteNumber("output_tokens"u8, record.OutputTokens);
        json.WriteNumber("reasoning_tokens"u8, record.ReasoningTokens);
        json.WriteNumber("latency_ms"u8, record.LatencyUs / Milli);
        if (record.TtftUs is { } first) json.WriteNumber("ttft_ms"u8, first / Milli);
        else json.WriteNull("ttft_ms"u8);
        json.WriteNumber("overhead_ms"u8, record.OverheadUs / Milli);
        json.WriteString("status"u8, record.Status);
        json.WriteNumber("status_code"u8, record.StatusCode);
        json.WriteString("error"u8, record.Error);
        Span<char> cost = stackalloc char[UsdFormat.MaxLength];
        json.WritePropertyName("cost_usd"u8);
        json.WriteRawValue(cost[..UsdFormat.Write(record.CostNanoUsd, cost)], skipInputValidation: true);
        json.WriteBoolean("estimated"u8, record.Estimated);
        json.WriteString("cache_hit"u8, record.CacheHit);
        List("guardrails_triggered"u8, record.GuardrailsTriggered);
        if (record.Feedback is { } feedback) json.WriteNumber("feedback"u8, feedback);
        else json.WriteNull("feedback"u8);
        json.WriteEndObject();
        json.Flush();
        line.Write("\n"u8);
    }

    /// <inheritdoc />
    public void Dispose() => json.Dispose();

    private void Named(ReadOnlySpan<byte> name, string? text) => json.WriteString(name, SinkSecrets.Strip(text));

    private void List(ReadOnlySpan<byte> name, string[] values)
    {
        json.WriteStartArray(name);
        foreach (var value in values) json.WriteStringValue(value);
        json.WriteEndArray();
    }
}
