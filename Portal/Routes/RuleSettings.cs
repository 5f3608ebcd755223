using System.Globalization;
using System.Text.Json;
using AspireGateway.Portal.Budgets;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Models;
using AspireGateway.Portal.Pins;
using AspireGateway.Portal.Scopes;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Limits;
using AspireGateway.Shared.Domain.Routing;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Routes;

/// <summary>The values of a rule, checked.</summary>
internal sealed record RuleSettings(string Name, bool Enabled, RuleConditions When, RuleAction Then) : IRouteSettings<RoutingRule>
{
    private const int MaxMessage = 500;
    private const string BudgetScopeId = "when.budget.scope_id";

    /// <summary>Reads a request; faults name their field by its path.</summary>
    public static RuleSettings Read(FieldChecks checks, RuleRequest request)
    {
        var when = request.When ?? new();
        var then = request.Then ?? new();
        var name = checks.ModelName("name", request.Name);
        ReadWhen(checks, when);
        var said = new[] { then.Model, then.Deployment, then.Strategy, then.Deny }.Count(value => !string.IsNullOrWhiteSpace(value));
        checks.Must(said == 1, "then", "then says exactly one of model, deployment, strategy and deny.");
        var action = new RuleAction
        {
            Model = checks.ModelReference("then.model", then.Model), Deployment = checks.Optional("then.deployment", then.Deployment),
            Strategy = string.IsNullOrWhiteSpace(then.Strategy) ? null : checks.Choice("then.strategy", then.Strategy, [.. RoutingStrategies.All.Where(s => s != RoutingStrategies.Cascade)]),
            Deny = checks.Optional("then.deny", then.Deny, MaxMessage),
        };
        return new(name, request.Enabled ?? true, when, action);
    }

    /// <summary>What the rest of the organisation says against it; null = nothing.</summary>
    public async Task<Failure?> CheckAsync(GatewayDbContext context, Guid organisation, Guid id, CancellationToken cancellationToken)
    {
        if (await context.RoutingRules.AnyAsync(r => r.OrganisationId == organisation && r.Name == Name && r.Id != id, cancellationToken))
            return new Failure.Conflict("There is a rule of this name already.", "name");
        if (await ModelNames.CheckAsync(context, organisation, "then.model", Then.Model, cancellationToken) is { } noModel) return noModel;
        if (Then.Deployment is { } deployment && !await context.Deployments.AnyAsync(d => d.OrganisationId == organisation && d.Name == deployment, cancellationToken))
            return new Failure.Invalid([new("then.deployment", $"There is no deployment {deployment}.")]);
        if (await RulePins.CheckAsync(context, organisation, id, Then, cancellationToken) is { } pinned) return pinned;
        if (await MissesAsync(context.Teams.Where(t => t.OrganisationId == organisation).Select(t => t.Id), When.Teams)) return new Failure.Invalid([new("when.teams", "There is no such team.")]);
        if (await MissesAsync(context.VirtualKeys.Where(k => k.OrganisationId == organisation).Select(k => k.Id), When.Keys)) return new Failure.Invalid([new("when.keys", "There is no such key.")]);
        if (When.Budget is not { ScopeId: { } whose } budget) return null;
        return budget.Scope switch
        {
            ScopeKinds.Team when await MissesAsync(context.Teams.Where(t => t.OrganisationId == organisation).Select(t => t.Id), [Guid.Parse(whose)]) =>
                new Failure.Invalid([new(BudgetScopeId, "There is no such team.")]),
            ScopeKinds.Key when await MissesAsync(context.VirtualKeys.Where(k => k.OrganisationId == organisation).Select(k => k.Id), [Guid.Parse(whose)]) =>
                new Failure.Invalid([new(BudgetScopeId, "There is no such key.")]),
            ScopeKinds.Model => await ModelNames.CheckAsync(context, organisation, BudgetScopeId, whose, cancellationToken),
            _ => null,
        };

        async Task<bool> MissesAsync(IQueryable<Guid> there, IReadOnlyList<Guid>? wanted)
        {
            if (wanted is null) return false;
            Guid[] ids = [.. wanted.Distinct()];
            return await there.CountAsync(id => ids.Contains(id), cancellationToken) < ids.Length;
        }
    }

    /// <summary>Writes the values into the row.</summary>
    public void Apply(RoutingRule rule) => (rule.Name, rule.IsEnabled, rule.Conditions, rule.Action) =
        (Name, Enabled, JsonSerializer.Serialize(When, RuleJson.Default.RuleConditions), JsonSerializer.Serialize(Then, RuleJson.Default.RuleAction));

    private static void ReadWhen(FieldChecks checks, RuleConditions when)
    {
        OneOf(checks, "when.operations", when.Operations, RuleOperations.All);
        Names(checks, "when.tasks", when.Tasks);
        checks.Must(when.TaskConfidence is null || when.Tasks is { Count: > 0 }, "when.task_confidence", "when.task_confidence goes with when.tasks only.");
        checks.Must(when.TaskConfidence is null or (>= 0 and <= 1), "when.task_confidence", "when.task_confidence is between 0 and 1.");
        OneOf(checks, "when.complexity", when.Complexity, Complexities.All);
        Names(checks, "when.any_words", when.AnyWords);
        Names(checks, "when.all_words", when.AllWords);
        if (when.Pattern is { } pattern) Pattern(checks, "when.pattern", pattern);
        Range(checks, "when.turns", when.Turns);
        Range(checks, "when.prompt_tokens", when.PromptTokens);
        Range(checks, "when.max_tokens", when.MaxTokens);
        Names(checks, "when.models", when.Models);
        checks.Must(when.Keys is null or { Count: > 0 and <= RuleBounds.MaxEntries }, "when.keys", $"when.keys holds 1 to {RuleBounds.MaxEntries} entries.");
        checks.Must(when.Teams is null or { Count: > 0 and <= RuleBounds.MaxEntries }, "when.teams", $"when.teams holds 1 to {RuleBounds.MaxEntries} entries.");
        Names(checks, "when.users", when.Users);
        Names(checks, "when.features", when.Features);
        Names(checks, "when.agents", when.Agents);
        Names(checks, "when.tiers", when.Tiers);
        if (when.Tags is { } tags)
        {
            checks.Must(tags.Count is > 0 and <= RuleBounds.MaxEntries, "when.tags", $"when.tags holds 1 to {RuleBounds.MaxEntries} entries.");
            checks.Must(tags.All(tag => tag.Key.Length is > 0 and <= RuleBounds.MaxWord && tag.Value is { Length: <= RuleBounds.MaxWord }), "when.tags", "when.tags holds names with their values, each at most 100 characters.");
        }
        OneOf(checks, "when.days", when.Days, Weekdays.All);
        Time(checks, "when.from", when.From);
        Time(checks, "when.until", when.Until);
        checks.Must(when.From is null || when.From != when.Until, "when.until", "when.until differs from when.from.");
        if (when.Budget is not { } budget) return;
        checks.Must(BudgetSettings.Kinds.Contains(budget.Scope, StringComparer.Ordinal), "when.budget.scope", $"when.budget.scope is one of {string.Join(", ", BudgetSettings.Kinds)}.");
        if (budget.ScopeId is { } whose)
        {
            checks.Must(whose.Trim() == whose && whose.Length is > 0 and <= ScopeFinder.MaxName, BudgetScopeId, $"{BudgetScopeId} has 1 to {ScopeFinder.MaxName} characters; leave it out for the request's own.");
            checks.Must(budget.Scope is not (ScopeKinds.Global or ScopeKinds.Organisation), BudgetScopeId, $"{BudgetScopeId} does not go with the scope {budget.Scope}: there is one only.");
            checks.Must(budget.Scope is not (ScopeKinds.Team or ScopeKinds.Key) || IsId(whose), BudgetScopeId, $"{BudgetScopeId} is the id of a {budget.Scope}.");
        }
        checks.Must(budget.AtLeast is >= 0 and <= 10, "when.budget.at_least", "when.budget.at_least is a share of the cap, 0 to 10; 1 is all of it.");
    }

    // As requests carry it: another form of the same id would never be found.
    private static bool IsId(string text) => Guid.TryParse(text, out var id) && id.ToString() == text;

    /// <summary>Checks a pattern.</summary>
    public static void Pattern(FieldChecks checks, string field, string pattern) => checks.Must(
        RuleBounds.Compile(pattern) is not null, field,
        $"{field} is a regular expression of at most {RuleBounds.MaxPattern} characters that needs no backtracking: no back references, no look-around, no large nested repetitions.");

    /// <summary>Checks a list of words or names.</summary>
    public static void Names(FieldChecks checks, string field, IReadOnlyList<string>? values)
    {
        if (values is null) return;
        checks.Must(values.Count is > 0 and <= RuleBounds.MaxEntries, field, $"{field} holds 1 to {RuleBounds.MaxEntries} entries.");
        checks.Must(
            values.All(value => !string.IsNullOrWhiteSpace(value?.Trim('*')) && value.Length <= RuleBounds.MaxWord && !value.Any(char.IsControl)), field,
            $"{field} holds entries of 1 to {RuleBounds.MaxWord} characters.");
    }

    private static void OneOf(FieldChecks checks, string field, IReadOnlyList<string>? values, IReadOnlyList<string> words)
    {
        if (values is null) return;
        checks.Must(values.Count > 0 && values.All(value => words.Contains(value, StringComparer.Ordinal)), field, $"{field} holds some of {string.Join(", ", words)}.");
    }

    private static void Range(FieldChecks checks, string field, NumberRange? range)
    {
        if (range is null) return;
        checks.Must(range.Min is not null || range.Max is not null, field, $"{field} says min, max or both.");
        checks.Must(!(range.Min < 0) && !(range.Max < 0) && !(range.Min > range.Max), field, $"{field} has a min of at least 0 and a max that is not below it.");
    }

    private static void Time(FieldChecks checks, string field, string? value) => checks.Must(
        value is null || TimeOnly.TryParseExact(value, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out _), field, $"{field} is a time of day such as 08:30.");
}
