using System.Globalization;
using AspireGateway.Gateway.Accounting.Ledger;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.State.Spending;
using AspireGateway.Shared.Domain.Limits;
using AspireGateway.Shared.Ledger;

namespace AspireGateway.Gateway.Accounting.Limits;

/// <summary>Says what refused a request: what, whose, how much is left, when it frees, what to do.</summary>
internal static class LimitRefusals
{
    private const int ConcurrencyRetrySeconds = 1;

    /// <summary>The refusal of a meter.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="meter">What refused.</param>
    /// <param name="answer">With which numbers.</param>
    /// <param name="terms">What was asked for.</param>
    public static Refusal Of(Caller caller, Meter meter, in ReserveAnswer answer, in HoldTerms terms) => meter.Type switch
    {
        LedgerFields.Budget => Budget(caller, meter, answer, terms),
        LedgerFields.Concurrency => Refusal.ConcurrencyExceeded(
            $"{Whose(caller, meter)} runs {Number(answer.Second)} of at most {Number(meter.Limit!.Row.Amount)} requests at the same time{From(meter)}. Wait for one to end, or have {WhoRaises(meter)} raise the limit in the portal.",
            ConcurrencyRetrySeconds),
        LedgerFields.Approval => Refusal.ApprovalRequired("This approval was for one request and has been used. Send the request without 'x-gateway-approval' to ask for a new one."),
        _ => Rate(caller, meter, answer, terms),
    };

    /// <summary>The refusal after a wait in a queue.</summary>
    public static Refusal AfterWait(Caller caller, Meter meter, in ReserveAnswer answer, in HoldTerms terms, long waitedUs) => Refusal.QueueTimeout(
        $"The request waited {Number(waitedUs / 1000)} ms for its turn. {Of(caller, meter, answer, terms).Message}", SecondsOf(answer.First));

    /// <summary>The refusal of a queue that has no room.</summary>
    public static Refusal QueueFull(Caller caller, Meter meter, in ReserveAnswer answer) => Refusal.QueueTimeout(
        $"{Whose(caller, meter)} is at its limit and too many requests wait already{From(meter)}. Send fewer at once.", SecondsOf(answer.First));

    /// <summary>The refusal of a request that asks for more output than it may have.</summary>
    public static Refusal TooMuchOutput(long asked, long most, string field) => Refusal.InvalidRequest(
        $"Field '{field}' asks for {Number(asked)} output tokens; this key may have {Number(most)} in one request. Ask for at most that many.", field);

    /// <summary>Whether a request can never pass a rate, however long it waits.</summary>
    public static bool IsTooLarge(Meter meter, in HoldTerms terms) =>
        meter.Type == LedgerFields.Tokens && terms.Tokens > meter.Limit!.Row.Amount;

    private static Refusal Rate(Caller caller, Meter meter, in ReserveAnswer answer, in HoldTerms terms)
    {
        var row = meter.Limit!.Row;
        var what = row.Unit == LimitUnits.Requests ? "requests" : "tokens";
        var seconds = SecondsOf(answer.First);
        if (meter.Limit.Throttle is { } throttle) return Throttled(caller, throttle, seconds);
        var need = row.Unit == LimitUnits.Tokens ? $" The request needs about {Number(terms.Tokens)}." : "";
        return Refusal.RateLimited(
            $"{Whose(caller, meter)} is at its limit of {Number(row.Amount)} {what} per {row.Period}{From(meter)}.{need} There is room again in {Number(seconds)} s; retry then, or have {WhoRaises(meter)} raise the limit in the portal.",
            seconds);
    }

    private static Refusal Throttled(Caller caller, ThrottleRow throttle, int seconds)
    {
        var until = throttle.Until is { } end ? $"until {end.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} UTC" : "until somebody lifts it";
        return Refusal.RateLimited(
            $"Key '{caller.Key.Name}' is throttled to {Number(throttle.RequestsPerMinute)} {(throttle.RequestsPerMinute == 1 ? "request" : "requests")} per minute {until}: an anomaly, it ran many times above what is usual for it. "
            + $"There is room again in {Number(seconds)} s; retry then, or have the team's lead or an administrator lift the throttle in the portal under Keys.",
            seconds);
    }

    private static Refusal Budget(Caller caller, Meter meter, in ReserveAnswer answer, in HoldTerms terms)
    {
        var row = meter.Budget!.Row;
        var left = Math.Max(0, meter.CapNanoUsd - answer.First - answer.Second);
        var until = row.Period == BudgetPeriods.Total
            ? "It does not renew."
            : $"It renews at {meter.Window.End.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} UTC.";
        return Refusal.BudgetExceeded(
            $"The {row.Period} budget of {Lower(Whose(caller, meter))} has no room: ${UsdFormat.Of(answer.First)} of ${UsdFormat.Of(meter.CapNanoUsd)} settled, ${UsdFormat.Of(answer.Second)} held by running requests, "
            + $"${UsdFormat.Of(left)} left; this request needs at least ${UsdFormat.Of(terms.CostWith(terms.FewestOutputTokens))}. {until} Send a shorter prompt, lower the cap on output tokens, choose a cheaper model, or have {WhoRaises(meter)} raise the budget in the portal.");
    }

    private static string Whose(Caller caller, Meter meter) => meter.ScopeKind switch
    {
        ScopeKinds.Global => "This gateway",
        ScopeKinds.Organisation => $"Organisation '{caller.Organisation.Slug}'",
        ScopeKinds.Team => $"Team '{caller.Team.Slug}'",
        ScopeKinds.Key => $"Key '{caller.Key.Name}'",
        ScopeKinds.User => meter.ScopeId == UnknownIds.Others ? "The group of users that are not known by name" : $"User '{meter.ScopeId}'",
        ScopeKinds.Feature => meter.ScopeId == UnknownIds.Others ? "The group of features that are not known by name" : $"Feature '{meter.ScopeId}'",
        ScopeKinds.Agent => meter.ScopeId == UnknownIds.Others ? "The group of agents that are not known by name" : $"Agent '{meter.ScopeId}'",
        _ => $"Model '{meter.ScopeId}'",
    };

    private static string Lower(string words) => words[0] == 'T' && words.StartsWith("This ", StringComparison.Ordinal) ? "this" + words[4..] : char.ToLowerInvariant(words[0]) + words[1..];

    private static string From(Meter meter) => meter.Limit is { Tier: { } tier } ? $" (tier {tier})" : "";

    private static string WhoRaises(Meter meter) => meter.ScopeKind switch
    {
        ScopeKinds.Global => "an operator",
        ScopeKinds.Key or ScopeKinds.User => "the team's lead",
        _ => "an administrator",
    };

    private static int SecondsOf(long microseconds) => (int)Math.Clamp((microseconds + 999_999) / 1_000_000, 1, 86_400);

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
