using System.Collections.Concurrent;
using System.Text.Json;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.State.Steering;
using AspireGateway.Gateway.Telemetry;
using AspireGateway.Shared.Domain.Routing;

namespace AspireGateway.Gateway.Routing.Pins;

/// <summary>
/// Compares the version that a provider says it served with the pinned one. Another one counts in <c>llm_pin_mismatch_total</c> and is announced once a day per pin and
/// version. A reply that names no version proves nothing and is passed over.
/// </summary>
internal sealed class ComparePin(GatewayMetrics metrics, SteeringLog log, TimeProvider time) : ISettle
{
    // Providers answer with any name: more than this are counted, not announced.
    private const int MaxAnnounced = 10_000, MaxName = 200;

    private readonly ConcurrentDictionary<(Guid Pin, string Served, int Day), bool> announced = new();

    /// <inheritdoc />
    public ValueTask SettleAsync(Exchange exchange)
    {
        if (exchange.Plan?.Pin is not { } pin || exchange.Call.Standing is not { Facts.ServedModel: { Length: > 0 } served } standing) return ValueTask.CompletedTask;
        // After a fallback that the pin allows, another version is no surprise.
        if (standing.Candidate.Deployment.UpstreamModel != pin.Version || string.Equals(served, pin.ServedAs, StringComparison.OrdinalIgnoreCase)) return ValueTask.CompletedTask;
        metrics.PinMismatches.Add(1);
        Announce(exchange, pin, served.Length > MaxName ? served[..MaxName] : served);
        return ValueTask.CompletedTask;
    }

    private void Announce(Exchange exchange, PinSnapshot pin, string served)
    {
        var now = time.GetUtcNow();
        var day = DateOnly.FromDateTime(now.UtcDateTime).DayNumber;
        if (announced.Count > MaxAnnounced || !announced.TryAdd((pin.Id, served, day), true)) return;
        foreach (var old in announced.Keys)
            if (old.Day < day) announced.TryRemove(old, out _);
        var detail = new PinMismatchDetail(pin.Model, pin.ScopeKind, pin.Deployment?.Name, pin.ServedAs, served);
        log.TryWrite(new SteeringEvent
        {
            Id = Guid.CreateVersion7(now), OrganisationId = exchange.Caller!.Organisation.Id, Type = SteeringEvents.PinMismatch, SubjectId = pin.Id,
            Occurrence = $"{day}:{served}", Detail = JsonSerializer.Serialize(detail, SteeringLogJson.Default.PinMismatchDetail), At = now,
        });
    }
}
