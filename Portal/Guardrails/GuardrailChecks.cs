using AspireGateway.Portal.Configuration;
using AspireGateway.Shared.Domain.Guardrails;

namespace AspireGateway.Portal.Guardrails;

/// <summary>Checks the settings of a policy against their annotations; each fault names its field by its path.</summary>
internal static class GuardrailChecks
{
    private const string Field = "settings";

    /// <summary>The settings as they are kept: without what is blank or there twice. Meaningless where a fault was added.</summary>
    /// <param name="checks">Takes the faults.</param>
    /// <param name="sent">The settings as sent.</param>
    public static GuardrailSettings Read(FieldChecks checks, GuardrailSettings? sent)
    {
        var kept = new GuardrailSettings { Order = Order(checks, sent?.Order) };
        foreach (var guardrail in GuardrailDescription.All)
            if (sent is not null && guardrail.RuleIn(sent) is { } rule) guardrail.Put(kept, Rule(checks, guardrail, rule));
        checks.Must(
            GuardrailDescription.All.Any(g => g.RuleIn(kept) is not null) || kept.Order is not null, Field,
            "settings names no guardrail: delete the policy to leave all of them to the next wider one.");
        return kept;
    }

    private static string[]? Order(FieldChecks checks, IReadOnlyList<string>? values)
    {
        const string Path = $"{Field}.order";
        var order = RuleChecks.Entries(values);
        if (order is not null && Array.Find(order, name => GuardrailDescription.Of(name) is null) is { } unknown)
            checks.Add(Path, $"{Path} names {(unknown.Length > 64 ? "what is no guardrail" : $"'{unknown}'")}; there are {string.Join(", ", GuardrailNames.All)}.");
        return order;
    }

    private static GuardrailRule Rule(FieldChecks checks, GuardrailDescription guardrail, GuardrailRule rule)
    {
        var path = $"{Field}.{guardrail.Name}";
        var kept = new GuardrailRule { Level = checks.Choice($"{path}.level", rule.Level, GuardrailLevels.All) };
        var wrong = new HashSet<string>(StringComparer.Ordinal);
        foreach (var setting in RuleSetting.All)
        {
            var value = RuleChecks.Plain(setting.In(rule));
            if (value is null) continue;
            var field = $"{path}.{setting.Name}";
            var fault = !setting.IsOf(guardrail) ? $"is not for {guardrail.Name}: {Owners(setting)}." : RuleChecks.Fault(setting, guardrail, value);
            if (fault is null)
            {
                setting.Put(kept, value);
                continue;
            }
            wrong.Add(setting.Name);
            checks.Add(field, $"{field} {fault}");
        }
        foreach (var (setting, fault) in RuleBonds.Faults(guardrail.Name, rule).Where(f => wrong.Add(f.Setting))) checks.Add($"{path}.{setting}", $"{path}.{setting} {fault}");
        return kept;
    }

    private static string Owners(RuleSetting setting) =>
        $"only {string.Join(", ", GuardrailDescription.All.Where(setting.IsOf).Select(g => g.Name))} {(GuardrailDescription.All.Count(setting.IsOf) == 1 ? "has" : "have")} it";
}
