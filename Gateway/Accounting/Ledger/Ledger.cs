using System.Collections.Concurrent;
using AspireGateway.Gateway.Accounting.Ledger.Gathering;
using AspireGateway.Gateway.Accounting.Limits;
using AspireGateway.Shared.Ledger;

namespace AspireGateway.Gateway.Accounting.Ledger;

/// <summary>
/// What requests see of the ledger: take a hold, end a hold. In Redis where there is one; in this process where there is none, and, by the organisation's
/// policy, while Redis is away.
/// </summary>
internal sealed class Ledger(LedgerCalls? calls, LedgerOpening? opening, LocalOpening? local, BudgetWatch watch, TimeProvider time) : ISettleListener
{
    // A rebuild takes a fraction of a second when all is well; a caller had rather wait than be refused.
    private static readonly TimeSpan WaitForOpening = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<Guid, LedgerTenant> tenants = new();

    /// <summary>Organisations whose ledger this gateway has met.</summary>
    public IEnumerable<LedgerTenant> Tenants => tenants.Select(pair => pair.Value);

    /// <summary>What was last heard of the budgets of organisations and teams, in nano-USD: not of keys and users, of which there may be a million.</summary>
    public IEnumerable<KeyValuePair<(Guid Budget, string ScopeKind, string Scope), long>> Settled => watch.Settled;

    /// <summary>Whether Redis holds the ledger.</summary>
    public bool IsShared => calls is not null;

    /// <summary>How Redis is; null = there is none.</summary>
    public Shared.Redis.RedisStatus? Status => calls?.Redis.Status;

    /// <summary>The word of the error that Redis answers reservations with; null = it takes them.</summary>
    public string? Fault => calls?.Fault;

    /// <summary>An organisation's part of the ledger; all zeros = the installation's.</summary>
    public LedgerTenant TenantOf(Guid organisation) => tenants.GetOrAdd(organisation, static (id, clock) => new LedgerTenant(id, clock), time);

    /// <summary>Asks for a hold.</summary>
    /// <param name="hold">The hold.</param>
    /// <param name="mayCountLocally">Whether this gateway may count by itself when the ledger cannot be asked.</param>
    /// <param name="cancellationToken">Ends a wait for a ledger that is being opened.</param>
    /// <returns>The answer, and the hold that was granted: another one where the first may have been taken and is given back.</returns>
    public async ValueTask<(ReserveAnswer Answer, Hold Hold)> ReserveAsync(Hold hold, bool mayCountLocally, CancellationToken cancellationToken)
    {
        if (calls is null)
            return hold.Tenant.IsSeeded || await local!.EnsureAsync(hold.Tenant, WaitForOpening, cancellationToken) || mayCountLocally ? (ReserveHere(hold), hold) : (default, hold);
        var tenant = hold.Tenant;
        var since = time.GetTimestamp();
        // A gateway that has just started does not know yet how Redis is.
        if (!calls.Redis.FirstTried.IsCompleted)
            await calls.Redis.FirstTried.WaitAsync(WaitForOpening, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        for (var asked = 0; asked < 2 && calls.Redis.Status.IsUp;)
        {
            if (tenant.Epoch is not { } epoch)
            {
                // The epoch may be forgotten again before this request comes to see it, such as over a new connection: that is no answer of Redis.
                if (time.GetElapsedTime(since) > WaitForOpening || !await opening!.EnsureAsync(tenant, WaitForOpening, cancellationToken)) break;
                continue;
            }
            asked++;
            // On the list before it is asked for: whatever becomes of the call, a rebuild knows of it.
            if (hold.IsKept) tenant.Add(hold);
            var (outcome, answer) = await calls.ReserveAsync(hold, epoch);
            switch (outcome)
            {
                case LedgerOutcome.Done:
                    if (answer.Kind == ReserveKind.Granted) hold.State = HoldState.Held;
                    else tenant.Remove(hold);
                    return (answer, hold);
                case LedgerOutcome.NotOpen:
                    if (ReferenceEquals(tenant.Epoch, epoch)) tenant.Epoch = null;
                    if (tenant.TryForget(hold)) continue;
                    // A rebuild that was told of it counts it as held: taken once more under its id, it would be held twice.
                    hold = GiveUp(hold);
                    break;
                case LedgerOutcome.NotDone:
                    tenant.Remove(hold);
                    break;
                default:
                    // A unit of a rate may be lost; that is on the safe side, and over with time.
                    if (!hold.IsKept) break;
                    // It may have been taken. The script refuses it if it comes to it only after this.
                    hold = GiveUp(hold);
                    break;
            }
            break;
        }
        return (mayCountLocally ? CountHere(hold) : default, hold);
    }

    // It is given back as soon as Redis answers again. What counts locally is another one.
    private Hold GiveUp(Hold hold)
    {
        End(hold, new Settlement(0, 0, Undo: true));
        return new Hold(hold.Tenant, hold.Id, hold.Meters, hold.Terms) { Record = hold.Record, ArrivedAtUs = hold.ArrivedAtUs, IsPaired = hold.IsPaired };
    }

    /// <summary>Ends a hold; the caller does not wait for Redis. What Redis does not confirm is sent again until it does.</summary>
    public void Settle(Hold hold, in Settlement settlement)
    {
        if (hold.State is HoldState.Ended or HoldState.Settled) return;
        if (calls is null || hold.Tenant.TryEndLocally(hold))
        {
            hold.State = HoldState.Settled;
            hold.Tenant.Local.Settle(hold, settlement);
            foreach (var meter in hold.Meters)
                if (meter.Type == LedgerFields.Budget) watch.Note(hold.Tenant.Organisation, meter, meter.LastSettledNanoUsd);
            return;
        }
        if (hold.IsKept)
        {
            End(hold, settlement);
            return;
        }
        hold.State = HoldState.Settled;
        if (settlement.Undo) _ = calls.GiveBackAsync(hold);
    }

    /// <summary>Sends the settlement of an ended hold.</summary>
    /// <returns>Whether Redis has confirmed it; of request rates alone that it was asked for.</returns>
    public async Task<bool> SendAsync(Hold hold)
    {
        if (!hold.IsKept)
        {
            hold.State = HoldState.Settled;
            await calls!.GiveBackAsync(hold);
            return true;
        }
        if (hold.IsSending) return false;
        hold.IsSending = true;
        return await SendNowAsync(hold);
    }

    /// <summary>
    /// Gives a hold back under which no provider was called, and waits until the ledger has it. The request may ask again, under the same id: overtaken by
    /// that question, this release would end the new hold and leave the old one's amounts with nobody.
    /// </summary>
    /// <returns>Whether the ledger has it.</returns>
    public async Task<bool> GiveBackAsync(Hold hold)
    {
        var nothing = new Settlement(0, 0, Undo: true);
        if (calls is null || hold.IsLocal)
        {
            Settle(hold, nothing);
            return hold.State == HoldState.Settled;
        }
        if (!hold.IsKept) return await SendAsync(hold);
        hold.Settlement = nothing;
        // Before it is ended, as in End: who gives it back must hear how that went, and not that the keeper was quicker.
        hold.IsSending = true;
        hold.State = HoldState.Ended;
        return await SendNowAsync(hold);
    }

    private async Task<bool> SendNowAsync(Hold hold)
    {
        try
        {
            var outcome = await calls!.SettleAsync(hold.Tenant, hold.Id, hold.Settlement, (i, settled) => Note(hold, hold.BudgetAt(i), settled));
            Confirm(hold, outcome);
            return outcome == LedgerOutcome.Done;
        }
        finally
        {
            hold.IsSending = false;
        }
    }

    /// <inheritdoc />
    void ISettleListener.Note(Hold hold, Meter meter, long settledNanoUsd) => Note(hold, meter, settledNanoUsd);

    /// <inheritdoc />
    void ISettleListener.End(Hold hold, LedgerOutcome outcome)
    {
        Confirm(hold, outcome);
        hold.IsSending = false;
    }

    private static void Confirm(Hold hold, LedgerOutcome outcome)
    {
        if (outcome == LedgerOutcome.Done)
        {
            hold.State = HoldState.Settled;
            hold.Tenant.Remove(hold);
        }
        else if (outcome is LedgerOutcome.NotOpen or LedgerOutcome.Unknown)
        {
            // Another server may answer on the next connection.
            hold.Tenant.Epoch = null;
        }
    }

    private void End(Hold hold, in Settlement settlement)
    {
        var isHeld = hold.State == HoldState.Held;
        hold.Settlement = settlement;
        // Before it is ended: what is ended and not on its way is sent by the keeper.
        hold.IsSending = isHeld;
        hold.State = HoldState.Ended;
        if (isHeld) calls!.Settle(hold, this);
        else _ = SendAsync(hold);
    }

    private void Note(Hold hold, Meter meter, long settledNanoUsd)
    {
        meter.LastSettledNanoUsd = settledNanoUsd;
        watch.Note(hold.Tenant.Organisation, meter, settledNanoUsd);
    }

    private static ReserveAnswer ReserveHere(Hold hold)
    {
        var answer = hold.Tenant.Local.Reserve(hold);
        if (answer.Kind == ReserveKind.Granted) hold.State = HoldState.Held;
        return answer;
    }

    private static ReserveAnswer CountHere(Hold hold)
    {
        hold.IsLocal = true;
        var answer = ReserveHere(hold);
        if (answer.Kind != ReserveKind.Granted) return answer;
        hold.Tenant.MustRebuild = true;
        hold.Tenant.Add(hold);
        return answer;
    }
}
