using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Scopes;
using AspireGateway.Shared.Domain.Limits;

namespace AspireGateway.Portal.Limits;

/// <summary>The values of a limit that may change, checked.</summary>
internal sealed record LimitSettings(long Amount, long? Burst, string OnLimit, int? QueueMs, string? DowngradeModel)
{
    /// <summary>Largest amount: far above any real limit, and far below where the ledger's numbers (IEEE doubles, in micro-units of a bucket) would round.</summary>
    public const long MaxAmount = 1_000_000_000_000;

    private const int MaxQueueMs = 600_000;

    private static readonly string[]
        OfRates = [LimitActions.Reject, LimitActions.Queue, LimitActions.Downgrade],
        OfOutput = [LimitActions.Reject, LimitActions.Clamp],
        // A quota of one provider: the attempt goes to the next deployment, and so there is nothing to wait for here.
        OfDeployments = [LimitActions.Reject],
        // Models are an organisation's: the installation has none to downgrade to.
        OfInstallation = [LimitActions.Reject, LimitActions.Queue];

    public static LimitSettings Read(FieldChecks checks, CreateLimitRequest r) =>
        Read(checks, r.ScopeKind, r.Unit, r.Amount, r.Burst, r.OnLimit, r.QueueMs, r.DowngradeModel);

    public static LimitSettings Read(FieldChecks checks, Limit limit, UpdateLimitRequest r) =>
        Read(checks, limit.ScopeKind, limit.Unit, r.Amount, r.Burst, r.OnLimit, r.QueueMs, r.DowngradeModel);

    /// <summary>The period of a new limit.</summary>
    public static string? ReadPeriod(FieldChecks checks, string unit, string? period)
    {
        if (unit is LimitUnits.Requests or LimitUnits.Tokens) return checks.Choice("period", period, LimitPeriods.All);
        checks.Must(string.IsNullOrWhiteSpace(period), "period", $"period is for requests and tokens only: {unit} has none.");
        return null;
    }

    public void Apply(Limit limit) =>
        (limit.Amount, limit.Burst, limit.OnLimit, limit.QueueMs, limit.DowngradeModel) = (Amount, Burst, OnLimit, QueueMs, DowngradeModel);

    /// <summary>What the row is for a ceiling.</summary>
    public static Bound BoundOf(Limit limit) => new(limit.Unit, limit.Period, limit.Amount, limit.OnLimit is LimitActions.Reject or LimitActions.Clamp, FromAbove: false);

    private static LimitSettings Read(
        FieldChecks checks, string? kind, string? unit, long? amount, long? burst, string? onLimit, int? queueMs, string? downgradeModel)
    {
        checks.Must(amount is not null, "amount", "amount is required.");
        checks.Range("amount", amount, 1, MaxAmount);
        if (unit is LimitUnits.Requests or LimitUnits.Tokens) checks.Range("burst", burst, 1, Math.Max(1, amount ?? MaxAmount));
        else checks.Must(burst is null, "burst", $"burst is for requests and tokens only: {unit} has none.");
        checks.Must(
            kind != ScopeKinds.Deployment || unit != LimitUnits.OutputTokens, "unit", "A deployment's output tokens are its max_output_tokens: set those.");

        var action = checks.Choice("on_limit", onLimit, unit == LimitUnits.OutputTokens ? OfOutput : kind switch
        {
            ScopeKinds.Deployment => OfDeployments,
            ScopeKinds.Global => OfInstallation,
            _ => OfRates,
        }, LimitActions.Reject);
        checks.Must((action == LimitActions.Queue) == (queueMs is not null), "queue_ms", action == LimitActions.Queue
            ? "queue_ms is required with on_limit queue: how long a request may wait." : "queue_ms goes with on_limit queue only.");
        checks.Range("queue_ms", queueMs, 1, MaxQueueMs);
        var model = checks.ModelReference("downgrade_model", downgradeModel);
        checks.Must((action == LimitActions.Downgrade) == (model is not null), "downgrade_model", action == LimitActions.Downgrade
            ? "downgrade_model is required with on_limit downgrade." : "downgrade_model goes with on_limit downgrade only.");
        return new(amount ?? 0, burst, action, queueMs, model);
    }
}
