using System.Buffers;
using System.Text.Json;
using AspireGateway.Gateway.Guardrails.Screening;
using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Accounting;

/// <summary>
/// Writes the journey document (<see cref="Shared.Contracts.JourneyDocument"/>) by hand into a buffer that each thread keeps: it is made for every
/// request and read for few.
/// </summary>
internal static class JourneyWriter
{
    private const int MaxMessage = 1000;

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
        if (exchange.Task is { Label: not null } task)
        {
            writer.WriteString("task"u8, task.Label);
            writer.WriteNumber("task_confidence"u8, Math.Round(task.Confidence, 3));
            writer.WriteString("task_source"u8, task.Source);
            if (task.Complexity is not null) writer.WriteString("complexity"u8, task.Complexity);
        }
        if (exchange.Reservation is { } reservation) WriteReservation(writer, reservation);
        if (exchange.Checks?.Share is { } share) writer.WriteNumber("groundedness"u8, Math.Round(share, 3));
        if (exchange.Cache?.Similarity is { } similarity) writer.WriteNumber("cache_similarity"u8, Math.Round(similarity, 3));
        if (exchange.Call.Lookup is { } lookup) writer.WriteNumber("cache_lookup_nano_usd"u8, lookup.CostNanoUsd);
        WriteRefusal(writer, exchange);
        if (exchange.Screened?.Tally.Lines is { Count: > 0 } findings) WriteFindings(writer, findings);
        WriteAttempts(writer, exchange);
        WriteSteps(writer, exchange);
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenMemory;
    }

    private static void WriteReservation(Utf8JsonWriter writer, Limits.Reservation reservation)
    {
        if (reservation.Hold is { } hold) writer.WriteNumber("held_nano_usd"u8, hold.CostNanoUsd);
        if (reservation.DowngradedFrom is { } from) writer.WriteString("downgraded_from"u8, from);
        if (reservation.ClampedTo is { } cap) writer.WriteNumber("clamped_to"u8, cap);
        if (reservation.QueuedUs > 0) writer.WriteNumber("queued_us"u8, reservation.QueuedUs);
    }

    // Those who may change what refused are to read the same sentence as the caller. It names scopes, limits and amounts, nothing of what was asked.
    private static void WriteRefusal(Utf8JsonWriter writer, Exchange exchange)
    {
        var meter = exchange.Reservation?.RefusedBy;
        var refusal = exchange.Refusal is { } ended && KindOf(ended) is not null && (meter is not null || ended.Status != 429) ? ended : null;
        // A meter is named also where the request was let through after a wait or with a cheaper model; then there is no sentence.
        if (meter is null && refusal is null) return;
        var isMeters = meter is not null && (refusal is null || KindOf(refusal) == KindOf(meter));
        writer.WriteStartObject("refusal"u8);
        writer.WriteString("kind"u8, isMeters ? KindOf(meter!) : KindOf(refusal!));
        if (refusal is { Message.Length: <= MaxMessage }) writer.WriteString("message"u8, refusal.Message);
        if (isMeters) WriteMeter(writer, meter!, exchange.Reservation!.Refusal);
        else if (refusal!.ScopeKind is { } kind)
        {
            writer.WriteString("scope_kind"u8, kind);
            if (refusal.ScopeId is { } scope) writer.WriteString("scope_id"u8, scope);
            if (refusal.IsAnomaly) writer.WriteBoolean("anomaly"u8, true);
        }
        writer.WriteEndObject();
    }

    private static void WriteMeter(Utf8JsonWriter writer, Limits.Meter meter, in Ledger.ReserveAnswer said)
    {
        writer.WriteString("scope_kind"u8, meter.ScopeKind);
        if (meter.ScopeId is { } scope) writer.WriteString("scope_id"u8, scope);
        if (meter.Budget is { } budget)
        {
            writer.WriteString("budget_id"u8, budget.Row.Id);
            writer.WriteString("period"u8, budget.Row.Period);
            writer.WriteNumber("settled_nano_usd"u8, said.First);
            writer.WriteNumber("held_nano_usd"u8, said.Second);
            writer.WriteNumber("cap_nano_usd"u8, meter.CapNanoUsd);
        }
        else if (meter.Limit is { } limit)
        {
            writer.WriteString("limit_id"u8, limit.Row.Id);
            writer.WriteString("unit"u8, limit.Row.Unit);
            writer.WriteNumber("amount"u8, limit.Row.Amount);
            if (limit.Row.Period is { } period) writer.WriteString("period"u8, period);
            if (limit.Throttle is not null) writer.WriteBoolean("anomaly"u8, true);
            if (limit.Row.Period is not null) writer.WriteNumber("wait_ms"u8, said.First / 1000);
        }
    }

    private static string KindOf(Limits.Meter meter) => meter.Budget is not null ? "budget" : meter.Limit is not null ? "limit" : "approval";

    // Only refusals by the gateway's own policies.
    private static string? KindOf(Refusal refusal) => refusal.Code switch
    {
        "budget_exceeded" => "budget",
        "rate_limit_exceeded" or "concurrency_exceeded" or "queue_timeout" => "limit",
        "approval_required" => "approval",
        "scope_stopped" => "stop",
        "model_not_allowed" => "permission",
        "region_not_allowed" => "region",
        "route_denied" => "rule",
        "pin_unavailable" => "pin",
        Refusal.GuardrailBlockedCode or Refusal.QuarantinedCode => "guardrail",
        _ => null,
    };

    private static void WriteFindings(Utf8JsonWriter writer, IReadOnlyList<TallyLine> findings)
    {
        writer.WriteStartArray("findings"u8);
        foreach (var line in findings)
        {
            writer.WriteStartObject();
            writer.WriteString("guardrail"u8, line.Guardrail);
            writer.WriteString("type"u8, line.Type);
            writer.WriteString("action"u8, line.Action);
            writer.WriteNumber("count"u8, line.Count);
            if (line.IsReply) writer.WriteBoolean("reply"u8, true);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private static void WriteAttempts(Utf8JsonWriter writer, Exchange exchange)
    {
        writer.WriteStartArray("attempts"u8);
        for (var i = 0; i < exchange.Call.AttemptCount; i++)
        {
            ref readonly var attempt = ref exchange.Call.Attempts[i];
            writer.WriteStartObject();
            writer.WriteString("deployment"u8, attempt.Candidate.Deployment.Name);
            writer.WriteNumber("start_us"u8, attempt.StartUs);
            if (attempt.FirstByteUs is { } firstByte) writer.WriteNumber("first_byte_us"u8, firstByte);
            writer.WriteNumber("end_us"u8, attempt.EndUs);
            if (attempt.Status is { } status) writer.WriteNumber("status"u8, status);
            writer.WriteString("outcome"u8, attempt.Outcome);
            if (exchange.Call.Legs is { } legs) legs.Write(writer, exchange, i);
            if (attempt is { CredentialPlace: >= 0 and var place, Candidate.Deployment.Credentials: { Length: > 1 } slots }) writer.WriteString("credential"u8, slots[place].Credential.Id);
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
