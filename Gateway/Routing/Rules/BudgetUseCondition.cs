using AspireGateway.Gateway.State.Spending;
using AspireGateway.Shared.Domain.Limits;
using AspireGateway.Shared.Domain.Routing;

namespace AspireGateway.Gateway.Routing.Rules;

/// <summary>So much of a budget is used: of the request's own team, user, model or whatever the scope is, or of a certain one.</summary>
internal sealed class BudgetUseCondition(BudgetCondition condition) : ICondition
{
    private readonly string kind = condition.Scope;
    private readonly string? certain = condition.ScopeId;

    /// <inheritdoc />
    public string Name => "budget";

    /// <inheritdoc />
    public int Cost => 1;

    /// <inheritdoc />
    public bool Holds(ref RuleFacts facts)
    {
        var id = certain ?? OwnOf(ref facts);
        // A request without a user, feature, agent or model has no such budget.
        if (id is null && kind is not (ScopeKinds.Global or ScopeKinds.Organisation)) return false;
        var share = kind == ScopeKinds.Global ? -1 : ShareOf(ref facts, facts.Caller.Organisation.Id, id);
        // Models have budgets across the organisations, too.
        if (kind is ScopeKinds.Global or ScopeKinds.Model) share = Math.Max(share, ShareOf(ref facts, Guid.Empty, id));
        return share >= condition.AtLeast;
    }

    private string? OwnOf(ref RuleFacts facts) => kind switch
    {
        ScopeKinds.Team => facts.Caller.Team.IdText,
        ScopeKinds.Key => facts.Caller.Key.IdText,
        ScopeKinds.User => facts.Request.UserId,
        ScopeKinds.Feature => facts.Request.Feature,
        ScopeKinds.Agent => facts.Request.Agent,
        ScopeKinds.Model => facts.AskedModel?.Name,
        _ => null,
    };

    // The fullest of its budgets counts; that of the kind stands in where the scope has none of its own.
    private double ShareOf(ref RuleFacts facts, Guid organisation, string? id) =>
        Fullest(ref facts, organisation, id, id) is var (own, share) && (own || id is null) ? share : Fullest(ref facts, organisation, null, id).Share;

    private (bool IsThere, double Share) Fullest(ref RuleFacts facts, Guid organisation, string? setOn, string? id)
    {
        var (isThere, share) = (false, -1.0);
        foreach (var row in facts.Snapshot.Spending.RowsOf(organisation, kind, setOn))
        {
            if (row is not BudgetRow budget) continue;
            isThere = true;
            if (facts.Budgets.SettledNanoUsd(budget.Id, kind, id ?? "") is not { } settled) continue;
            var cap = budget.CapNanoUsd + facts.Snapshot.Spending.RaisedBy(budget, id, facts.Now).NanoUsd;
            share = Math.Max(share, cap > 0 ? (double)settled / cap : 1);
        }
        return (isThere, share);
    }
}
