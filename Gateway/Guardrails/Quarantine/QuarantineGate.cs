using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.State;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain.Guardrails;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Guardrails.Quarantine;

/// <summary>
/// Keeps requests until a reviewer decides, and lets released ones pass once. It waits for Postgres, which nothing else on a request's way does: such requests
/// are few, and they are about people's decisions. A bounded number at once, each with its own deadline (decision 0160).
/// </summary>
internal sealed partial class QuarantineGate(
    QuarantineStore store, SecretBox box, IOptions<QuarantineOptions> options, TimeProvider time, ILogger<QuarantineGate> logger) : IDisposable
{
    private readonly SemaphoreSlim turns = new(options.Value.MaxAtOnce);
    private bool isAway;

    /// <summary>Takes a copy of a request, before anything in it is masked.</summary>
    public KeptRequest Copy(Exchange exchange, IReadOnlyList<Screening.ScreenVerdict> verdicts) => KeptRequest.Of(exchange, verdicts, box, options.Value.MaxBodyBytes);

    /// <summary>Decides about a request that guardrails would keep.</summary>
    /// <returns>Why it does not pass; null = it does, with a ticket that is used now.</returns>
    public async ValueTask<Refusal?> DecideAsync(Exchange exchange, KeptRequest request)
    {
        try
        {
            if (TicketOf(exchange, out var ticket) is { } malformed) return malformed;
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(exchange.Http.RequestAborted);
            deadline.CancelAfter(TimeSpan.FromMilliseconds(options.Value.StoreMs));
            try
            {
                await turns.WaitAsync(deadline.Token);
                try
                {
                    var refusal = ticket is { } shown ? await UseAsync(exchange, request, shown, deadline.Token) : await KeepAsync(exchange, request, deadline.Token);
                    isAway = false;
                    return refusal;
                }
                finally
                {
                    turns.Release();
                }
            }
            catch (Exception fault) when (!exchange.Http.RequestAborted.IsCancellationRequested)
            {
                if (!Interlocked.Exchange(ref isAway, true)) Log.StoreAway(logger, StoreErrors.KindOf(fault));
                return ticket is not null
                    ? Refusal.StoreUnavailable("The ticket cannot be looked up now. It was not used; try again shortly.")
                    : NotKept(request, "It could not be kept for a reviewer, because the store cannot be reached; try again later.");
            }
        }
        finally
        {
            request.Wipe();
        }
    }

    /// <inheritdoc />
    public void Dispose() => turns.Dispose();

    private async Task<Refusal?> UseAsync(Exchange exchange, KeptRequest request, Guid ticket, CancellationToken cancellationToken)
    {
        var caller = exchange.Caller!;
        var state = await store.UseAsync(ticket, caller.Organisation.Id, caller.Key.Id, request, time.GetUtcNow(), cancellationToken);
        return state is { IsUsed: true } ? null : Refusal.Quarantined(QuarantineWords.NotUsable(ticket, state, time.GetUtcNow()), ticket: null);
    }

    private async Task<Refusal> KeepAsync(Exchange exchange, KeptRequest request, CancellationToken cancellationToken)
    {
        var (caller, facts, now) = (exchange.Caller!, exchange.Request!, time.GetUtcNow());
        var id = Guid.CreateVersion7(now);
        if (request.Seal(box, caller.Organisation.Id, id) is not { } payload)
            return NotKept(request, $"It is larger than the {options.Value.MaxBodyBytes:N0} bytes that can be kept for a reviewer. Send less text.");
        var row = new QuarantinedRequest
        {
            Id = id, OrganisationId = caller.Organisation.Id, TeamId = caller.Team.Id, KeyId = caller.Key.Id, RecordId = exchange.Id, Operation = exchange.Operation.Name,
            Model = exchange.Plan?.Model.Name ?? facts.Model ?? "", UserId = facts.UserId, Feature = facts.Feature, Agent = facts.Agent, Guardrails = request.Guardrails,
            FindingTypes = [.. request.Findings.Select(finding => finding.Type)], FindingCounts = [.. request.Findings.Select(finding => finding.Count)],
            BodyHash = request.Fingerprints[0], BodyBytes = request.BodyBytes, Payload = payload, CreatedAt = now, Deadline = now + request.Time,
        };
        if (await store.KeepAsync(row, request.Fingerprints, options.Value.MaxPending, cancellationToken) is not { } kept)
            return NotKept(request, $"It could not be kept for a reviewer: {options.Value.MaxPending:N0} requests of the organisation wait already. Reviewers decide on them in the portal under Quarantine.");
        return Refusal.Quarantined(QuarantineWords.Kept(request, kept), kept.Id);
    }

    // A ticket of an approval is not meant for here.
    private static Refusal? TicketOf(Exchange exchange, out Guid? ticket)
    {
        ticket = null;
        if (Tickets.Read(exchange.Http.Request.Headers, out var tickets) is { } malformed) return malformed;
        foreach (var one in tickets)
            if (exchange.Snapshot!.Spending.ApprovalOf(exchange.Caller!.Organisation.Id, one) is null) ticket ??= one;
        return null;
    }

    private static Refusal NotKept(KeptRequest request, string why) =>
        Refusal.GuardrailBlocked($"Guardrail '{request.Guardrails[0]}' does not let this request leave: it holds {request.Found}. {why}");

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Quarantined requests cannot be kept or looked up ({Fault}); they are refused until Postgres is back")]
        public static partial void StoreAway(ILogger logger, string fault);
    }
}
