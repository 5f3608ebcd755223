using AspireGateway.Portal.Components.Formats;
using AspireGateway.Portal.Models;
using AspireGateway.Portal.Scopes;
using AspireGateway.Shared.Domain.Limits;
using AspireGateway.Shared.Domain.Routing;

namespace AspireGateway.Portal.Routes;

/// <summary>Rules in words that people read.</summary>
internal static class RuleWords
{
    private static readonly Dictionary<string, string> DayNames = new(StringComparer.Ordinal)
    {
        ["mon"] = "Monday", ["tue"] = "Tuesday", ["wed"] = "Wednesday", ["thu"] = "Thursday", ["fri"] = "Friday", ["sat"] = "Saturday", ["sun"] = "Sunday",
    };

    /// <summary>Days as they are offered for choice, the week's first day in front.</summary>
    public static readonly IReadOnlyList<string> Days = [.. DayNames.Keys];

    /// <summary>A day's name.</summary>
    public static string Day(string day) => DayNames.GetValueOrDefault(day, day);

    /// <summary>A task's or reason's label without its underscores.</summary>
    public static string Label(string label) => label.Replace('_', ' ');

    /// <summary>When a rule holds, one clause a condition; none = always.</summary>
    public static IReadOnlyList<string> When(RuleConditions when, RouteChoices? choices)
    {
        var said = new List<string>();
        if (when.Operations is { } operations) said.Add($"it asks for {Any(operations.Select(Operation))}");
        if (when.Tasks is { } tasks) said.Add($"the task is {Any(tasks.Select(Label))}{(when.TaskConfidence is { } sure ? $", at least {Math.Round(sure * 100)} % sure" : "")}");
        if (when.Complexity is { } complexity) said.Add($"the complexity is {Any(complexity)}");
        if (when.AnyWords is { } any) said.Add($"the message has {Any(any.Select(Quoted))}");
        if (when.AllWords is { } all) said.Add($"the message has {Joined(all.Select(Quoted), "and")}");
        if (when.Pattern is { } pattern) said.Add($"the message matches {pattern}");
        Presence(said, when.HasCode, "a block of code");
        Presence(said, when.Tools, "tools");
        Presence(said, when.Images, "images");
        Presence(said, when.Audio, "audio");
        Presence(said, when.Documents, "documents");
        Presence(said, when.JsonSchema, "a JSON schema for the answer");
        Range(said, when.Turns, "messages of the user");
        Range(said, when.PromptTokens, "prompt tokens");
        Range(said, when.MaxTokens, "output tokens asked for");
        if (when.Models is { } models) said.Add($"it asks for {Any(models.Select(m => m == "auto" ? "no model (auto)" : m))}");
        if (when.Keys is { } keys) said.Add($"the key is {Any(keys.Select(k => Name(choices?.Keys, k, "a key that is gone")))}");
        if (when.Teams is { } teams) said.Add($"the team is {Any(teams.Select(t => Name(choices?.Teams, t, "a team that is gone")))}");
        if (when.Users is { } users) said.Add($"the user is {Any(users)}");
        if (when.Features is { } features) said.Add($"the feature is {Any(features)}");
        if (when.Agents is { } agents) said.Add($"the agent is {Any(agents)}");
        if (when.Tags is { } tags) said.Add($"it is tagged {Joined(tags.Select(t => $"{t.Key}={t.Value}"), "and")}");
        if (when.Tiers is { } tiers) said.Add($"the tier is {Any(tiers)}");
        if (when.Days is { } days) said.Add($"it is {Any(days.Select(Day))}");
        if (when is not { From: null, Until: null })
            said.Add(when.Until is null ? $"it is {when.From} or later" : when.From is null ? $"it is before {when.Until}" : $"it is between {when.From} and {when.Until}");
        if (when.Budget is { } budget)
        {
            said.Add($"{Math.Round(budget.AtLeast * 100)} % of {Whose(budget, choices)} is used");
        }
        return said;
    }

    /// <summary>What is asked for, one of <see cref="RuleOperations"/>, as people call it.</summary>
    public static string Operation(string operation) => operation switch
    {
        RuleOperations.CountTokens => "counting tokens",
        "images_generations" => "images",
        "audio_speech" => "speech",
        "audio_transcriptions" => "transcriptions",
        _ => operation,
    };

    /// <summary>What a rule does.</summary>
    public static string Then(RuleAction then) =>
        then.Model is { } model ? $"Model {model}"
        : then.Deployment is { } deployment ? $"Deployment {deployment}, no other"
        : then.Strategy is { } strategy ? $"The model's deployments by {StrategyWords.All.FirstOrDefault(s => s.Name == strategy)?.Text ?? strategy}"
        : $"Refused: {then.Deny}";

    /// <summary>What kept a rule from holding.</summary>
    public static string Failed(string failed) => failed switch
    {
        "tasks" => "another task, or not sure enough",
        "complexity" => "another complexity",
        "operations" => "another kind of request",
        "any_words" => "none of the words",
        "all_words" => "not all of the words",
        "pattern" => "the pattern does not match",
        "has_code" => "code block",
        "json_schema" => "JSON schema",
        "prompt_tokens" => "size of the prompt",
        "max_tokens" => "output tokens asked for",
        "models" => "another model asked for",
        "keys" => "another key",
        "teams" => "another team",
        "users" => "another user",
        "features" => "another feature",
        "agents" => "another agent",
        "tiers" => "another tier",
        "time" => "another day or time",
        "budget" => "less of the budget is used",
        "model_not_allowed" => "the key or its team may not use where it sends to",
        _ => Label(failed),
    };

    private static string Whose(BudgetCondition budget, RouteChoices? choices) => (budget.Scope, budget.ScopeId) switch
    {
        (ScopeKinds.Organisation or ScopeKinds.Global, _) => $"the {ScopeWords.One(budget.Scope)}'s budget",
        (_, null) => $"the {budget.Scope}'s own budget",
        (ScopeKinds.Team, { } id) => $"the budget of team {Name(choices?.Teams, id)}",
        (ScopeKinds.Key, { } id) => $"the budget of key {Name(choices?.Keys, id)}",
        var (kind, id) => $"the budget of {kind} {id}",
    };

    private static string Name(IReadOnlyList<NamedId>? names, string id) => names?.FirstOrDefault(n => n.Id.ToString() == id)?.Name ?? id;

    private static void Presence(List<string> said, bool? there, string what)
    {
        if (there is { } wanted) said.Add(wanted ? $"it has {what}" : $"it has no {(what.StartsWith("a ", StringComparison.Ordinal) ? what[2..] : what)}");
    }

    private static void Range(List<string> said, NumberRange? range, string what)
    {
        if (range is null) return;
        said.Add(range is { Min: { } min, Max: { } max }
            ? $"{Quantity.Exact(min)} to {Quantity.Exact(max)} {what}"
            : range.Min is { } least ? $"at least {Quantity.Exact(least)} {what}" : $"at most {Quantity.Exact(range.Max ?? 0)} {what}");
    }

    private static string Name(IReadOnlyList<NamedId>? names, Guid id, string otherwise) => names?.FirstOrDefault(n => n.Id == id)?.Name ?? otherwise;

    private static string Quoted(string word) => $"“{word}”";

    private static string Any(IEnumerable<string> values) => Joined(values, "or");

    private static string Joined(IEnumerable<string> values, string last)
    {
        var list = values.ToList();
        return list.Count < 2 ? string.Concat(list) : $"{string.Join(", ", list.SkipLast(1))} {last} {list[^1]}";
    }
}
