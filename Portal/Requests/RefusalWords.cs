using AspireGateway.Portal.Components.Formats;
using AspireGateway.Portal.Scopes;
using AspireGateway.Shared.Contracts;
using AspireGateway.Shared.Domain.Limits;

namespace AspireGateway.Portal.Requests;

/// <summary>What refused a request, in words.</summary>
public static class RefusalWords
{
    private const string Budget = "budget", Limit = "limit", Stop = "stop", Approval = "approval", Region = "region", Rule = "rule", Pin = "pin", Guardrail = "guardrail";

    /// <summary>What it was, as a title: "The monthly budget of team Commerce".</summary>
    public static string Title(JourneyRefusal refusal, string? scopeName) => refusal.Kind switch
    {
        Limit when refusal.Anomaly => $"{Capital(Whose(refusal, scopeName))} is throttled: it ran away",
        Stop when refusal.Anomaly => $"{Capital(Whose(refusal, scopeName))} is stopped: it ran away",
        Budget => $"The {refusal.Period} budget of {Whose(refusal, scopeName)} had no room",
        Limit => $"{Capital(Whose(refusal, scopeName))} was at its limit",
        Stop => $"{Capital(Whose(refusal, scopeName))} is stopped by a kill switch",
        Approval => "It needs an approval",
        Region => "No deployment is where it may be processed",
        Rule => "A routing rule refuses it",
        Pin => "The version that it is pinned to did not serve",
        Guardrail => "A guardrail does not let it pass",
        _ => "The key may not use this model",
    };

    /// <summary>The numbers at that moment, in a sentence; empty where there are none.</summary>
    public static string Numbers(JourneyRefusal refusal) => refusal switch
    {
        { Kind: Budget, CapNanoUsd: { } cap } =>
            $"{Money.Below(refusal.SettledNanoUsd ?? 0, cap)} of {Money.Text(cap)} was settled and {Money.Text(refusal.HeldNanoUsd ?? 0)} held, "
            + $"{Money.Text(Math.Max(0, cap - (refusal.SettledNanoUsd ?? 0) - (refusal.HeldNanoUsd ?? 0)))} was left.",
        { Kind: Limit, Unit: LimitUnits.Concurrency, Amount: { } amount } => $"{Quantity.Exact(amount)} requests at the same time were running, as many as it may have.",
        { Kind: Limit, Amount: { } amount, Period: { } period, Unit: { } unit } =>
            $"{Quantity.Exact(amount)} {unit} a {period} were used; there was room again after {Quantity.Duration(Math.Max(1, refusal.WaitMs ?? 0) * 1000)}.",
        _ => "",
    };

    /// <summary>Who may change it.</summary>
    public static string WhoMay(JourneyRefusal refusal) => refusal.Kind switch
    {
        Approval => "An organisation admin, finops or the team's lead decides it under Approvals.",
        Stop or Limit when refusal.Anomaly => "A policy about anomalies did it. The team's lead may lift it under Keys, and admins, platform and security reviewers; else it ends by itself.",
        Stop => "Whoever may stop this scope may release it under Kill switches: admins, platform and security reviewers; the team's lead what leads stopped.",
        Budget or Limit => refusal.ScopeKind switch
        {
            ScopeKinds.Global => "An operator may change it.",
            ScopeKinds.Team => "An organisation admin may change it; the team's lead below what was set above.",
            ScopeKinds.Key or ScopeKinds.User => "The team's lead may change it, up to what the team has; an organisation admin without that bound.",
            _ => "An organisation admin may change it.",
        },
        Region => "A platform engineer may add a deployment in an allowed region, or change what is allowed under Residency; a team's lead what its keys are allowed.",
        Rule => "A platform engineer may change it under Routes.",
        Pin => "A platform engineer may change the pin, or let it fall back, under Pins.",
        Guardrail => "A security reviewer or an organisation admin may change the policy of the key, its team, the model or the organisation under Guardrails.",
        _ => "The team's lead may widen the key's models under Keys, up to the team's; an organisation admin the team's.",
    };

    /// <summary>Where it can be changed, as an address of the portal and a link's text.</summary>
    public static (string Href, string Text)? Place(JourneyRefusal refusal) => refusal.Kind switch
    {
        Budget when refusal.BudgetId is { } id => ($"budgets/{id}", "Open the budget"),
        Stop or Limit when refusal.Anomaly => ("keys", "Open the keys"),
        Limit => ($"limits?scope={refusal.ScopeKind}", "Open the limits"),
        Stop => ("kill-switches", "Open the kill switches"),
        Approval => ("approvals", "Open the approvals"),
        Region => ("residency", "Open the regions"),
        Rule => ("routes", "Open the rules"),
        Pin => ("pins", "Open the pins"),
        Guardrail => ("guardrails", "Open the policies"),
        _ => ("keys", "Open the keys"),
    };

    private static string Whose(JourneyRefusal refusal, string? name) => refusal.ScopeKind switch
    {
        null => "it",
        ScopeKinds.Deployment when refusal.ScopeId is null => "every deployment of the model",
        { } kind => ScopeWords.Within(kind, refusal.ScopeId, name ?? refusal.ScopeId),
    };

    private static string Capital(string words) => char.ToUpperInvariant(words[0]) + words[1..];
}
