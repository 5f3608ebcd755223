using AspireGateway.Gateway.Accounting.Ledger;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.State.Spending;
using AspireGateway.Shared.Domain.Limits;

namespace AspireGateway.Gateway.Accounting.Limits;

/// <summary>
/// Must somebody agree to what this may cost? Above its key's or team's threshold a request waits for an approval (402 with a ticket), or goes to a cheaper
/// model. A granted ticket is for one key and one model, up to a ceiling, once or until a moment.
/// </summary>
internal sealed class ApproveSpend(SpendTerms terms, BudgetWatch watch, TimeProvider time) : IDecide
{
    private const string Header = Tickets.Header;

    /// <inheritdoc />
    public ValueTask<Decision> DecideAsync(Exchange exchange)
    {
        var caller = exchange.Caller!;
        var (threshold, action, cheaper) = PolicyOf(caller);
        if (threshold is null) return Decision.Continue;
        var cost = terms.Of(exchange, outputLimit: null);
        // Under every hold policy the question is what it may cost at most; the expected cost stands in the ticket beside it.
        var worst = WorstOf(exchange);
        if (worst <= threshold) return Decision.Continue;
        if (exchange.Http.Request.Headers.ContainsKey(Header)) return Check(exchange, worst);
        if (action == ApprovalActions.Cheaper && exchange.Plan!.Model.Name is var from && Downgrade.TryTo(exchange, cheaper, "approval_policy"))
        {
            (exchange.Reservation ??= new()).DowngradedFrom = from;
            return Decision.Continue;
        }
        return Ask(exchange, cost.EstimatedNanoUsd, worst, threshold.Value);
    }

    private Decision Ask(Exchange exchange, long expected, long worst, long threshold)
    {
        var caller = exchange.Caller!;
        var ticket = Guid.CreateVersion7(time.GetUtcNow());
        var asked = watch.TryAsk(new Approval
        {
            Id = ticket, OrganisationId = caller.Organisation.Id, TeamId = caller.Team.Id, KeyId = caller.Key.Id, RecordId = exchange.Id, Model = exchange.Plan!.Model.Name,
            UserId = exchange.Request!.UserId, Feature = exchange.Request.Feature, ExpectedNanoUsd = expected, WorstCaseNanoUsd = worst, ThresholdNanoUsd = threshold,
            RequestedAt = exchange.ArrivedAt,
        });
        if (!asked) return Refusal.StoreUnavailable("The request needs an approval, and too many wait to be written down. Try again shortly.");
        return Refusal.ApprovalRequired(
            $"This request may cost up to ${UsdFormat.Of(worst)} (probably ${UsdFormat.Of(expected)}); above ${UsdFormat.Of(threshold)} somebody must agree. Ticket {ticket}: once it is granted in the portal under Approvals, "
            + $"repeat the request with the header '{Header}: {ticket}'. Or lower the cap on output tokens, or choose a cheaper model.", ticket);
    }

    private static Decision Check(Exchange exchange, long worst)
    {
        var caller = exchange.Caller!;
        if (Tickets.Read(exchange.Http.Request.Headers, out var tickets) is { } malformed) return malformed;
        // One of them may be a released quarantine's.
        var ticket = Array.Find(tickets, one => exchange.Snapshot!.Spending.ApprovalOf(caller.Organisation.Id, one) is not null);
        if (ticket == Guid.Empty) ticket = tickets[0];
        if (exchange.Snapshot!.Spending.ApprovalOf(caller.Organisation.Id, ticket) is not { } approval || approval.KeyId != caller.Key.Id)
            return Refusal.ApprovalRequired($"Ticket {ticket} is not granted for this key: nobody has decided yet, or it was denied or has ended. Its state stands in the portal under Approvals.");
        if (approval.ValidUntil <= exchange.ArrivedAt) return Refusal.ApprovalRequired($"Ticket {ticket} has ended. Send the request without '{Header}' to ask for a new one.");
        if (approval.Model != exchange.Plan!.Model.Name) return Refusal.ApprovalRequired($"Ticket {ticket} is for model '{approval.Model}', not for '{exchange.Plan.Model.Name}'.");
        if (worst > approval.CeilingNanoUsd)
            return Refusal.ApprovalRequired($"Ticket {ticket} allows up to ${UsdFormat.Of(approval.CeilingNanoUsd)} for a request; this one may cost ${UsdFormat.Of(worst)}. Lower the cap on output tokens, or send it without '{Header}' to ask for a new one.");
        (exchange.Reservation ??= new()).Approval = approval;
        return Decision.Continue;
    }

    /// <summary>The most that a request can cost over its candidates, in nano-USD.</summary>
    public static long WorstOf(Exchange exchange) => Estimating.LegBounds.WorstOf(exchange);

    /// <summary>Above what a key's requests need an approval, and what becomes of them. The lower of two thresholds holds, with its own action.</summary>
    public static (long? Threshold, string? Action, string? Cheaper) PolicyOf(Ingress.Caller caller)
    {
        var (key, team) = (caller.Key, caller.Team);
        return key.ApprovalThresholdNanoUsd is { } own && !(team.ApprovalThresholdNanoUsd < own)
            ? (own, key.ApprovalAction ?? team.ApprovalAction, key.ApprovalModel ?? team.ApprovalModel)
            : (team.ApprovalThresholdNanoUsd, team.ApprovalAction, team.ApprovalModel);
    }
}
