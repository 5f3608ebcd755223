using AspireGateway.Portal.Budgets;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.KillSwitches;
using AspireGateway.Portal.Limits;
using AspireGateway.Portal.Tiers;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Limits;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Keys;

/// <summary>What bounds a key: its limits, budgets with the raises that still count, its tier, its guardrails, its cache and anomaly policies, and what stops or throttles it. A rotation takes them along, so that it lifts none of them.</summary>
internal static class KeyBonds
{
    /// <summary>Gives the new key what the old one has, inside the rotation's change. Who set it stays who set it: what an admin set, a lead still may not lift.</summary>
    public static async Task CopyAsync(ConfigurationWrite write, VirtualKey old, VirtualKey key, CancellationToken cancellationToken)
    {
        var (context, organisation, from, to) = (write.Context, old.OrganisationId, old.Id.ToString(), key.Id.ToString());

        foreach (var l in await context.Limits.AsNoTracking().Where(l => l.OrganisationId == organisation && l.ScopeKind == ScopeKinds.Key && l.ScopeId == from).ToListAsync(cancellationToken))
        {
            var copy = new Limit
            {
                Id = write.NewId(), OrganisationId = organisation, ScopeKind = ScopeKinds.Key, ScopeId = to, Unit = l.Unit, Amount = l.Amount, Period = l.Period, Burst = l.Burst,
                OnLimit = l.OnLimit, QueueMs = l.QueueMs, DowngradeModel = l.DowngradeModel, CreatedAt = write.Now, CreatedBy = l.CreatedBy,
            };
            context.Limits.Add(copy);
            write.Record("limit.create", ConfigurationKinds.Limit, copy.Id, organisation, null, LimitDetails.Of(copy), DocumentJson.Default.LimitDetails);
        }

        foreach (var b in await context.Budgets.AsNoTracking().Where(b => b.OrganisationId == organisation && b.ScopeKind == ScopeKinds.Key && b.ScopeId == from).ToListAsync(cancellationToken))
        {
            var copy = new Budget
            {
                Id = write.NewId(), OrganisationId = organisation, ScopeKind = ScopeKinds.Key, ScopeId = to, Period = b.Period, CapNanoUsd = b.CapNanoUsd,
                OnExceeded = b.OnExceeded, DowngradeModel = b.DowngradeModel, Thresholds = b.Thresholds, CreatedAt = write.Now, CreatedBy = b.CreatedBy,
            };
            context.Budgets.Add(copy);
            write.Record("budget.create", ConfigurationKinds.Budget, copy.Id, organisation, null, BudgetDetails.Of(copy), DocumentJson.Default.BudgetDetails);
            foreach (var r in await context.BudgetRaises.AsNoTracking().Where(r => r.BudgetId == b.Id && r.Until > write.Now).ToListAsync(cancellationToken))
            {
                var raise = new BudgetRaise
                {
                    Id = write.NewId(), OrganisationId = organisation, BudgetId = copy.Id, AmountNanoUsd = r.AmountNanoUsd, Until = r.Until, Reason = r.Reason,
                    CreatedAt = write.Now, CreatedBy = r.CreatedBy,
                };
                context.BudgetRaises.Add(raise);
                write.Record("budget.raise", ConfigurationKinds.Budget, copy.Id, organisation, null, BudgetRaiseDetails.Of(raise), DocumentJson.Default.BudgetRaiseDetails);
            }
        }

        var tier = await context.TierAssignments.AsNoTracking()
            .FirstOrDefaultAsync(a => a.OrganisationId == organisation && a.ScopeKind == ScopeKinds.Key && a.ScopeId == from, cancellationToken);
        if (tier is not null)
        {
            var copy = new TierAssignment { Id = write.NewId(), OrganisationId = organisation, ScopeKind = ScopeKinds.Key, ScopeId = to, TierId = tier.TierId };
            context.TierAssignments.Add(copy);
            write.Record("tier.assign", ConfigurationKinds.Tier, copy.Id, organisation, null, TierAssignmentDetails.Of(copy), DocumentJson.Default.TierAssignmentDetails);
        }

        await Pins.PinBonds.CopyAsync(write, old, key, cancellationToken);
        await Guardrails.GuardrailBonds.CopyAsync(write, old, key, cancellationToken);
        await Caching.CacheBonds.CopyAsync(write, old, key, cancellationToken);
        await Alerts.Policies.AnomalyPolicyBonds.CopyAsync(write, old, key, cancellationToken);

        var stop = await context.KillSwitches.AsNoTracking()
            .FirstOrDefaultAsync(k => k.OrganisationId == organisation && k.ScopeKind == ScopeKinds.Key && k.ScopeId == from, cancellationToken);
        if (stop is not null)
        {
            var copy = new KillSwitch
            {
                Id = write.NewId(), OrganisationId = organisation, ScopeKind = ScopeKinds.Key, ScopeId = to, Reason = stop.Reason, CreatedAt = write.Now, CreatedBy = stop.CreatedBy,
            };
            context.KillSwitches.Add(copy);
            write.Record("kill_switch.throw", ConfigurationKinds.KillSwitch, copy.Id, organisation, null, KillSwitchDetails.Of(copy), DocumentJson.Default.KillSwitchDetails);
        }
    }
}
