using AspireGateway.Shared.Domain.Limits;
using AspireGateway.Shared.Domain.Routing;

namespace AspireGateway.Portal.Routes;

/// <summary>What the rule dialog's fields hold, and how that is a rule and back.</summary>
internal sealed class RuleForm
{
    public const string ToModel = "model", ToDeployment = "deployment", ByStrategy = "strategy", Refuse = "deny";

    /// <summary>That no budget matters.</summary>
    public const string NoBudget = "";

    public string Name { get; set; } = "";

    public bool Enabled { get; set; } = true;

    public IEnumerable<string> Operations { get; set; } = [];

    public IEnumerable<string> Tasks { get; set; } = [];

    public int? Sure { get; set; }

    public IEnumerable<string> Complexity { get; set; } = [];

    public string AnyWords { get; set; } = "";

    public string AllWords { get; set; } = "";

    public string Pattern { get; set; } = "";

    public bool? HasCode { get; set; }

    public bool? Tools { get; set; }

    public bool? Images { get; set; }

    public bool? Audio { get; set; }

    public bool? Documents { get; set; }

    public bool? JsonSchema { get; set; }

    public long? TurnsMin { get; set; }

    public long? TurnsMax { get; set; }

    public long? PromptMin { get; set; }

    public long? PromptMax { get; set; }

    public long? OutputMin { get; set; }

    public long? OutputMax { get; set; }

    public string Models { get; set; } = "";

    public IEnumerable<Guid> Keys { get; set; } = [];

    public IEnumerable<Guid> Teams { get; set; } = [];

    public string Users { get; set; } = "";

    public string Features { get; set; } = "";

    public string Agents { get; set; } = "";

    public string Tags { get; set; } = "";

    public IEnumerable<string> Tiers { get; set; } = [];

    public IEnumerable<string> Days { get; set; } = [];

    public string From { get; set; } = "";

    public string Until { get; set; } = "";

    public string Budget { get; set; } = NoBudget;

    public string BudgetOf { get; set; } = "";

    public int? BudgetPercent { get; set; } = 80;

    public string Does { get; set; } = ToModel;

    public string? Model { get; set; }

    public string? Deployment { get; set; }

    public string? Strategy { get; set; }

    public string Deny { get; set; } = "";

    /// <summary>The fields of a rule.</summary>
    public static RuleForm Of(RuleDetails rule)
    {
        var (when, then) = (rule.When, rule.Then);
        return new()
        {
            Name = rule.Name, Enabled = rule.Enabled, Operations = when.Operations ?? [], Tasks = when.Tasks ?? [], Sure = when.TaskConfidence is { } sure ? (int)Math.Round(sure * 100) : null, Complexity = when.Complexity ?? [],
            AnyWords = Text(when.AnyWords), AllWords = Text(when.AllWords), Pattern = when.Pattern ?? "", HasCode = when.HasCode, Tools = when.Tools, Images = when.Images, Audio = when.Audio,
            Documents = when.Documents, JsonSchema = when.JsonSchema, TurnsMin = when.Turns?.Min, TurnsMax = when.Turns?.Max, PromptMin = when.PromptTokens?.Min, PromptMax = when.PromptTokens?.Max,
            OutputMin = when.MaxTokens?.Min, OutputMax = when.MaxTokens?.Max, Models = Text(when.Models), Keys = when.Keys ?? [], Teams = when.Teams ?? [], Users = Text(when.Users),
            Features = Text(when.Features), Agents = Text(when.Agents), Tags = when.Tags is { } tags ? string.Join(", ", tags.Select(t => $"{t.Key}={t.Value}")) : "", Tiers = when.Tiers ?? [],
            Days = when.Days ?? [], From = when.From ?? "", Until = when.Until ?? "", Budget = when.Budget?.Scope ?? NoBudget, BudgetOf = when.Budget?.ScopeId ?? "",
            BudgetPercent = when.Budget is { } budget ? (int)Math.Round(budget.AtLeast * 100) : 80,
            Does = then.Deployment is not null ? ToDeployment : then.Strategy is not null ? ByStrategy : then.Deny is not null ? Refuse : ToModel,
            Model = then.Model, Deployment = then.Deployment, Strategy = then.Strategy, Deny = then.Deny ?? "",
        };
    }

    /// <summary>Whether a field that stands behind "more" is filled in.</summary>
    public bool HasMore => Keys.Any() || Teams.Any() || Tiers.Any() || Days.Any() || Tools is not null || Images is not null || Audio is not null || Documents is not null || JsonSchema is not null
        || (Users + Features + Agents + Tags + From + Until + Budget + Pattern + AllWords).Length > 0 || TurnsMin is not null || TurnsMax is not null;

    /// <summary>The rule that the fields say.</summary>
    public RuleRequest Request() => new()
    {
        Name = Name, Enabled = Enabled,
        When = new()
        {
            Operations = Some(Operations), Tasks = Some(Tasks), TaskConfidence = Tasks.Any() && Sure is > 0 ? Sure / 100.0 : null, Complexity = Some(Complexity), AnyWords = List(AnyWords), AllWords = List(AllWords),
            Pattern = Pattern.Length == 0 ? null : Pattern, HasCode = HasCode, Tools = Tools, Images = Images, Audio = Audio, Documents = Documents, JsonSchema = JsonSchema,
            Turns = Range(TurnsMin, TurnsMax), PromptTokens = Range(PromptMin, PromptMax), MaxTokens = Range(OutputMin, OutputMax), Models = List(Models), Keys = Some(Keys), Teams = Some(Teams),
            Users = List(Users), Features = List(Features), Agents = List(Agents), Tags = Pairs(Tags), Tiers = Some(Tiers), Days = Some(Days), From = Trimmed(From), Until = Trimmed(Until),
            Budget = Budget == NoBudget ? null : new() { Scope = Budget, ScopeId = HasOneOf(Budget) ? Trimmed(BudgetOf) : null, AtLeast = (BudgetPercent ?? 0) / 100.0 },
        },
        Then = new()
        {
            Model = Does == ToModel ? Model : null, Deployment = Does == ToDeployment ? Deployment : null, Strategy = Does == ByStrategy ? Strategy : null, Deny = Does == Refuse ? Deny : null,
        },
    };

    /// <summary>Whether there may be several of a budget's scope, so that one can be named.</summary>
    public static bool HasOneOf(string scope) => scope is not (NoBudget or ScopeKinds.Global or ScopeKinds.Organisation);

    /// <summary>Entries between commas; null = none.</summary>
    public static IReadOnlyList<string>? List(string text) => Some(text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));

    private static List<T>? Some<T>(IEnumerable<T>? values) => values?.ToList() is { Count: > 0 } list ? list : null;

    private static NumberRange? Range(long? min, long? max) => min is null && max is null ? null : new() { Min = min, Max = max };

    private static string? Trimmed(string text) => text.Trim() is { Length: > 0 } trimmed ? trimmed : null;

    private static string Text(IReadOnlyList<string>? values) => string.Join(", ", values ?? []);

    // What has no equals sign is a tag without a value, which the command tells of.
    private static Dictionary<string, string>? Pairs(string text) => List(text)?.Select(pair => pair.Split('=', 2, StringSplitOptions.TrimEntries))
        .GroupBy(pair => pair[0], StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Last() is [_, var value] ? value : "", StringComparer.Ordinal);
}
