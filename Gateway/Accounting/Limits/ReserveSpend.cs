using AspireGateway.Gateway.Accounting.Ledger;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Reliability.Fallbacks;
using AspireGateway.Shared.Domain.Limits;
using AspireGateway.Shared.Ledger;

namespace AspireGateway.Gateway.Accounting.Limits;

/// <summary>
/// May they spend it? Takes a hold on every limit and budget of the request, or on none. One round trip; one more where something is limited across
/// organisations, sent at the same time.
/// </summary>
internal sealed class ReserveSpend(
    Ledger.Ledger ledger, SpendAttempts attempts, RequestQueue queue, TimeProvider time) : IDecide
{
    // Each round meets another refusal: as many as there are meters that may send a request elsewhere, and then some.
    private const int MostRounds = 8;

    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(100);

    /// <inheritdoc />
    public ValueTask<Decision> DecideAsync(Exchange exchange)
    {
        var limited = exchange.Snapshot!.Spending.Limited;
        var hasApproval = exchange.Reservation?.Approval is { Once: true };
        if (!hasApproval && (limited.Count == 0 || (!limited.Contains(exchange.Caller!.Organisation.Id) && !limited.Contains(Guid.Empty)))) return Decision.Continue;
        if (attempts.Make(exchange, [], cutTo: null, out var attempt) is { } refusal) return Decision.Refuse(refusal);
        return attempt is null ? Decision.Continue : DecideAsync(exchange, attempt);
    }

    /// <summary>Gives back what the request holds, because it goes to another model now, and asks for what it needs there.</summary>
    public async ValueTask<Decision> AnewAsync(Exchange exchange)
    {
        if (exchange.Reservation is { } before)
        {
            if (!await GiveBackAsync(before)) return Unavailable();
            (exchange.Request!.OutputCap, before.ClampedTo) = (null, null);
        }
        return await DecideAsync(exchange);
    }

    /// <summary>
    /// 1. Ask for the holds. 2. Granted: tell the request what it got; where a budget cut it below its estimate, ask for just that. 3. Not to be asked: the
    /// organisation's policy. 4. Refused: to a cheaper model, into the queue, or back to the caller, as the limit says.
    /// </summary>
    private async ValueTask<Decision> DecideAsync(Exchange exchange, SpendAttempt attempt)
    {
        var reservation = exchange.Reservation!;
        var caller = exchange.Caller!;
        // Those who came before wait for their turn still.
        QueuePlace? place = null;
        var softened = new List<string>();
        try
        {
            if (attempt.QueueAt(queue) is { } busy)
            {
                place = queue.TryEnter(busy, caller.Key.Id, caller.Key.Priority);
                reservation.RefusedBy = busy;
                if (place is null) return LimitRefusals.QueueFull(caller, busy, reservation.Refusal);
                if (!await WaitForTurnAsync(exchange, place, busy)) return Refuse(exchange, busy, reservation.Refusal, attempt.Terms, place);
            }
            for (var round = 0; round < MostRounds || place is not null; round++)
            {
                // 1
                var (answer, isWide) = await ReserveAsync(exchange, attempt);
                // 2
                if (answer.Kind == ReserveKind.Granted && !attempt.MustBeCut(answer.GrantedTokens))
                {
                    Grant(exchange, attempt, answer);
                    return Decision.Continue;
                }
                if (answer.Kind == ReserveKind.Granted)
                {
                    if (!await GiveBackAsync(reservation)) return Unavailable();
                    if (attempts.Make(exchange, softened, answer.GrantedTokens, out var cut) is { } fault) return fault;
                    attempt = cut!;
                    continue;
                }
                // 3
                if (answer.Kind == ReserveKind.Unavailable) return Unavailable();
                // 4
                var meter = (isWide ? attempt.Across : attempt.Inside)[answer.Meter];
                // No room for all answers that it may have to pay: it runs with one (decision 0114).
                if (meter.Budget is not null && Estimating.LegBounds.CountOf(exchange) > 1)
                {
                    exchange.NoteLegs().Covered = 1;
                    if (attempts.Make(exchange, softened, cutTo: null, out var single) is { } tooMuch) return tooMuch;
                    attempt = single!;
                    continue;
                }
                reservation.RefusedBy = meter;
                reservation.Refusal = answer;
                var isSentOn = TryDowngrade(exchange, meter);
                if (isSentOn || FallbackLegs.TryCheaper(exchange, meter.Budget is not null))
                {
                    // A budget that refuses holds for the cheaper model as well.
                    if (isSentOn) softened.Add(meter.Name);
                    if (attempts.Make(exchange, softened, cutTo: null, out var cheaper) is { } refusal) return refusal;
                    if (cheaper is null) return Decision.Continue;
                    attempt = cheaper;
                    continue;
                }
                if (meter.Budget is not null && exchange.MayBeAnsweredFromCache)
                {
                    // It stands unless the cache has the answer, which costs nothing (decision 0168).
                    reservation.Pending = LimitRefusals.Of(caller, meter, answer, attempt.Terms);
                    if (attempt.OfRequestsOnly() is not { } counted) return Decision.Continue;
                    attempt = counted;
                    continue;
                }
                if (meter.Limit?.Row.OnLimit != LimitActions.Queue || LimitRefusals.IsTooLarge(meter, attempt.Terms)) return Refuse(exchange, meter, answer, attempt.Terms, null);
                if (place is null)
                {
                    place = queue.TryEnter(meter, caller.Key.Id, caller.Key.Priority);
                    if (place is null) return LimitRefusals.QueueFull(caller, meter, answer);
                    if (!await WaitForTurnAsync(exchange, place, meter)) return Refuse(exchange, meter, answer, attempt.Terms, place);
                }
                else if (!await WaitForRoomAsync(exchange, place, meter, answer))
                {
                    return Refuse(exchange, meter, answer, attempt.Terms, place);
                }
            }
            return reservation.RefusedBy is { } last ? Refuse(exchange, last, reservation.Refusal, attempt.Terms, place) : Unavailable();
        }
        finally
        {
            if (place is not null)
            {
                reservation.QueuedUs = (long)time.GetElapsedTime(place.EnteredAt).TotalMicroseconds;
                queue.Leave(place);
            }
        }
    }

    private async ValueTask<(ReserveAnswer Answer, bool IsWide)> ReserveAsync(Exchange exchange, SpendAttempt attempt)
    {
        var reservation = exchange.Reservation!;
        var mayCountLocally = exchange.Caller!.Organisation.StorePolicy == StorePolicies.Local;
        var aborted = exchange.Http.RequestAborted;
        reservation.Opening = attempt.Opening;
        if (attempt.Across.Length == 0)
        {
            var (only, granted) = await ledger.ReserveAsync(attempt.HoldInside(ledger, exchange), mayCountLocally, aborted);
            reservation.Hold = only.Kind == ReserveKind.Granted ? granted : null;
            return (only, false);
        }
        var wide = AskAsync(attempt.HoldAcross(ledger), mayCountLocally, aborted);
        var (answer, hold) = attempt.Inside.Length == 0
            ? (new ReserveAnswer { Kind = ReserveKind.Granted, GrantedTokens = attempt.Terms.MostOutputTokens }, null)
            : await AskAsync(attempt.HoldInside(ledger, exchange), mayCountLocally, aborted);
        var (wideAnswer, wideHold) = await wide;
        if (answer.Kind == ReserveKind.Granted && wideAnswer.Kind == ReserveKind.Granted)
        {
            (reservation.Hold, reservation.WideHold) = (hold, wideHold);
            answer.GrantedTokens = Math.Min(answer.GrantedTokens, wideAnswer.GrantedTokens);
            return (answer, false);
        }
        // One of them did not: the other one is given back, whatever it was. Where that is in doubt nothing more can be asked for.
        if (answer.Kind == ReserveKind.Granted && hold is not null && !await ledger.GiveBackAsync(hold)) return (default, false);
        if (wideAnswer.Kind == ReserveKind.Granted && !await ledger.GiveBackAsync(wideHold!)) return (default, true);
        aborted.ThrowIfCancellationRequested();
        return answer.Kind == ReserveKind.Granted ? (wideAnswer, true) : (answer, false);
    }

    /// <summary>Asks one of two ledgers. A caller who leaves while it is being opened must not leave a hold behind in the other one.</summary>
    private async ValueTask<(ReserveAnswer Answer, Hold? Hold)> AskAsync(Hold asked, bool mayCountLocally, CancellationToken aborted)
    {
        try
        {
            var (answer, hold) = await ledger.ReserveAsync(asked, mayCountLocally, aborted);
            return (answer, hold);
        }
        catch (OperationCanceledException) when (aborted.IsCancellationRequested)
        {
            return (default, null);
        }
    }

    private static Refusal Unavailable() =>
        Refusal.StoreUnavailable("What was spent and what runs cannot be looked up now, and this request is under a limit or budget. Try again shortly.");

    private async ValueTask<bool> GiveBackAsync(Reservation reservation)
    {
        var isBack = (reservation.Hold is not { } hold || await ledger.GiveBackAsync(hold)) & (reservation.WideHold is not { } wide || await ledger.GiveBackAsync(wide));
        (reservation.Hold, reservation.WideHold) = (null, null);
        return isBack;
    }

    private static void Grant(Exchange exchange, SpendAttempt attempt, in ReserveAnswer answer)
    {
        var reservation = exchange.Reservation!;
        var facts = exchange.Request!;
        reservation.Answer = answer;
        var most = attempt.Terms.MostOutputTokens;
        var granted = answer.GrantedTokens;
        // A bound that nobody tells the provider is none. Where every candidate has it as its own limit, nothing needs to be told.
        if (attempt.IsBounded && most > 0 && (granted < most || attempt.MustTellCap)) facts.OutputCap = granted;
        else if (attempt.OutputLimit is { } limit && (facts.OutputCap is null || limit < facts.OutputCap)) facts.OutputCap = limit;
        if (facts.OutputCap is { } cap && facts.MaxOutputTokens > cap) reservation.ClampedTo = cap;
    }

    private static Decision Refuse(Exchange exchange, Meter meter, in ReserveAnswer answer, in HoldTerms asked, QueuePlace? place)
    {
        var caller = exchange.Caller!;
        if (place is null) return LimitRefusals.Of(caller, meter, answer, asked);
        return LimitRefusals.AfterWait(caller, meter, answer, asked, exchange.ElapsedUs);
    }

    private static bool TryDowngrade(Exchange exchange, Meter meter)
    {
        var to = meter.Budget is { Row: { OnExceeded: BudgetActions.Downgrade } budget } ? budget.DowngradeModel
            : meter.Limit is { Row: { OnLimit: LimitActions.Downgrade } limit } ? limit.DowngradeModel
            : null;
        if (to is null) return false;
        var from = exchange.Plan!.Model.Name;
        // A request that asked for the cheaper model itself is let through by a budget that only sends there.
        if (from == to) return meter.Budget is not null;
        if (!Downgrade.TryTo(exchange, to, meter.Budget is null ? "limit_downgrade" : "budget_downgrade")) return false;
        exchange.Reservation!.DowngradedFrom ??= from;
        return true;
    }

    private async Task<bool> WaitForTurnAsync(Exchange exchange, QueuePlace place, Meter meter)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(exchange.Http.RequestAborted);
        if (!TryLimit(deadline, exchange, place, meter)) return false;
        try
        {
            await place.Turn.WaitAsync(deadline.Token);
            return true;
        }
        catch (OperationCanceledException) when (!exchange.Http.RequestAborted.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task<bool> WaitForRoomAsync(Exchange exchange, QueuePlace place, Meter meter, ReserveAnswer answer)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(exchange.Http.RequestAborted);
        if (!TryLimit(deadline, exchange, place, meter)) return false;
        // A rate says when it frees; concurrency is told by whoever ends here, and looked at for those who end elsewhere.
        var pause = meter.Type == LedgerFields.Concurrency ? LookAgain : TimeSpan.FromMicroseconds(Math.Max(1_000, answer.First));
        try
        {
            await place.WaitAsync(pause, deadline.Token);
            return true;
        }
        catch (OperationCanceledException) when (!exchange.Http.RequestAborted.IsCancellationRequested)
        {
            return false;
        }
    }

    private bool TryLimit(CancellationTokenSource deadline, Exchange exchange, QueuePlace place, Meter meter)
    {
        var left = TimeSpan.FromMilliseconds(meter.Limit!.Row.QueueMs ?? 0) - time.GetElapsedTime(place.EnteredAt);
        if (exchange.Request!.Timeout is { } own && own - TimeSpan.FromMicroseconds(exchange.ElapsedUs) is var rest && rest < left) left = rest;
        if (left <= TimeSpan.Zero) return false;
        deadline.CancelAfter(left);
        return true;
    }
}
