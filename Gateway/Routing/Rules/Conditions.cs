using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Limits;
using AspireGateway.Shared.Domain.Routing;

namespace AspireGateway.Gateway.Routing.Rules;

/// <summary>What is asked for is one of these.</summary>
internal sealed class OperationsCondition(string[] operations) : ICondition
{
    /// <inheritdoc />
    public string Name => "operations";

    /// <inheritdoc />
    public int Cost => 0;

    /// <inheritdoc />
    public bool Holds(ref RuleFacts facts) => facts.Request.Operation is { } operation && Array.IndexOf(operations, operation.RuleName) >= 0;
}

/// <summary>The task is one of these, and that is sure enough.</summary>
internal sealed class TaskCondition(string[] tasks, double confidence) : ICondition
{
    /// <inheritdoc />
    public string Name => "tasks";

    /// <inheritdoc />
    public int Cost => 3;

    /// <inheritdoc />
    public bool Holds(ref RuleFacts facts) => facts.Task is { Label: { } label } task && task.Confidence >= confidence && Array.IndexOf(tasks, label) >= 0;
}

/// <summary>The complexity is one of these.</summary>
internal sealed class ComplexityCondition(string[] complexities) : ICondition
{
    /// <inheritdoc />
    public string Name => "complexity";

    /// <inheritdoc />
    public int Cost => 3;

    /// <inheritdoc />
    public bool Holds(ref RuleFacts facts) => facts.Task.Complexity is { } complexity && Array.IndexOf(complexities, complexity) >= 0;
}

/// <summary>One, or all, of some words stand in the user's message.</summary>
internal sealed class WordsCondition(WordSet words, bool all) : ICondition
{
    /// <inheritdoc />
    public string Name => all ? "all_words" : "any_words";

    /// <inheritdoc />
    public int Cost => 3;

    /// <inheritdoc />
    public bool Holds(ref RuleFacts facts) => facts.HasConversation && (all ? words.AllIn(facts.Prompt.Characters) : words.AnyIn(facts.Prompt.Characters));
}

/// <summary>A pattern matches in the user's message.</summary>
internal sealed class PatternCondition(int place) : ICondition
{
    /// <inheritdoc />
    public string Name => "pattern";

    /// <inheritdoc />
    public int Cost => 4;

    /// <inheritdoc />
    public bool Holds(ref RuleFacts facts) => facts.HasConversation && facts.Matches(place);
}

/// <summary>Something of the prompt is there, or is not.</summary>
internal sealed class PresenceCondition(Presence what, bool wanted) : ICondition
{
    /// <inheritdoc />
    public string Name => what switch
    {
        Presence.Code => "has_code",
        Presence.Tools => "tools",
        Presence.Images => "images",
        Presence.Audio => "audio",
        Presence.Documents => "documents",
        _ => "json_schema",
    };

    /// <inheritdoc />
    public int Cost => what is Presence.Code or Presence.Documents or Presence.JsonSchema ? 2 : 0;

    /// <inheritdoc />
    public bool Holds(ref RuleFacts facts) => facts.HasConversation && wanted == what switch
    {
        Presence.Code => facts.Prompt.HasCode,
        Presence.Tools => facts.Request.Tools > 0,
        Presence.Images => facts.Request.Unusual is { Images: > 0 },
        Presence.Audio => facts.Request.Unusual is { Recordings: > 0 },
        Presence.Documents => facts.Prompt.Documents > 0,
        _ => facts.Prompt.HasJsonSchema,
    };
}

/// <summary>What a prompt may have.</summary>
internal enum Presence
{
    /// <summary>A block of code.</summary>
    Code,

    /// <summary>Tools.</summary>
    Tools,

    /// <summary>Pictures.</summary>
    Images,

    /// <summary>Recordings.</summary>
    Audio,

    /// <summary>Documents.</summary>
    Documents,

    /// <summary>A JSON schema for the answer.</summary>
    JsonSchema,
}

/// <summary>A size is in a range.</summary>
internal sealed class SizeCondition(Size what, NumberRange range) : ICondition
{
    /// <inheritdoc />
    public string Name => what switch { Size.Turns => "turns", Size.PromptTokens => "prompt_tokens", _ => "max_tokens" };

    /// <inheritdoc />
    public int Cost => what == Size.Turns ? 2 : 0;

    /// <inheritdoc />
    public bool Holds(ref RuleFacts facts) => what switch
    {
        Size.Turns => facts.HasConversation && range.Holds(facts.Prompt.Turns),
        Size.PromptTokens => range.Holds(Strategies.RequestGuess.InputTokens(facts.Request)),
        _ => facts.Request.MaxOutputTokens is { } cap && range.Holds(cap),
    };
}

/// <summary>What of a request has a size.</summary>
internal enum Size
{
    /// <summary>Messages of the user.</summary>
    Turns,

    /// <summary>Estimated tokens of the prompt.</summary>
    PromptTokens,

    /// <summary>The caller's cap on output tokens.</summary>
    MaxTokens,
}

/// <summary>The model asked for is one of these.</summary>
internal sealed class ModelsCondition(string[] patterns) : ICondition
{
    /// <inheritdoc />
    public string Name => "models";

    /// <inheritdoc />
    public int Cost => 0;

    /// <inheritdoc />
    public bool Holds(ref RuleFacts facts)
    {
        var asked = string.IsNullOrEmpty(facts.Request.Model) ? ModelAccess.Auto : facts.Request.Model;
        // An alias is the model that it stands for.
        return ModelPattern.AnyMatches(patterns, asked)
            || (ModelAccess.Find(facts.Caller.Organisation, asked) is { } model && model.Name != asked && ModelPattern.AnyMatches(patterns, model.Name));
    }
}

/// <summary>The key or the team is one of these.</summary>
internal sealed class CallerCondition(Guid[] ids, bool isTeam) : ICondition
{
    /// <inheritdoc />
    public string Name => isTeam ? "teams" : "keys";

    /// <inheritdoc />
    public int Cost => 0;

    /// <inheritdoc />
    public bool Holds(ref RuleFacts facts) => Array.IndexOf(ids, isTeam ? facts.Caller.Team.Id : facts.Caller.Key.Id) >= 0;
}

/// <summary>A name that the request is booked on is one of these.</summary>
internal sealed class NameCondition(BookedName what, string[] names) : ICondition
{
    /// <inheritdoc />
    public string Name => what switch { BookedName.User => "users", BookedName.Feature => "features", _ => "agents" };

    /// <inheritdoc />
    public int Cost => 0;

    /// <inheritdoc />
    public bool Holds(ref RuleFacts facts) =>
        (what switch { BookedName.User => facts.Request.UserId, BookedName.Feature => facts.Request.Feature, _ => facts.Request.Agent }) is { } name
        && Array.IndexOf(names, name) >= 0;
}

/// <summary>What a request is booked on by name.</summary>
internal enum BookedName
{
    /// <summary>The end user.</summary>
    User,

    /// <summary>The feature.</summary>
    Feature,

    /// <summary>The agent.</summary>
    Agent,
}

/// <summary>Tags are there with their values.</summary>
internal sealed class TagsCondition(IReadOnlyDictionary<string, string> tags) : ICondition
{
    // As they stand in the facts: one JSON object without blanks, written by the same writer.
    private readonly string[] pairs = [.. tags.Select(pair => $"\"{System.Text.Json.JsonEncodedText.Encode(pair.Key)}\":\"{System.Text.Json.JsonEncodedText.Encode(pair.Value)}\"")];

    /// <inheritdoc />
    public string Name => "tags";

    /// <inheritdoc />
    public int Cost => 1;

    /// <inheritdoc />
    public bool Holds(ref RuleFacts facts)
    {
        if (facts.Request.Tags is not { } given) return false;
        foreach (var pair in pairs)
            if (!Has(given, pair)) return false;
        return true;
    }

    // Between a brace or comma and the next: a value that quotes a pair has its quotes escaped, so it cannot pass for one.
    private static bool Has(string given, string pair)
    {
        for (var at = given.IndexOf(pair, StringComparison.Ordinal); at >= 0; at = given.IndexOf(pair, at + 1, StringComparison.Ordinal))
            if (given[at - 1] is '{' or ',' && given[at + pair.Length] is '}' or ',') return true;
        return false;
    }
}

/// <summary>The tier is one of these.</summary>
internal sealed class TiersCondition(string[] tiers) : ICondition
{
    /// <inheritdoc />
    public string Name => "tiers";

    /// <inheritdoc />
    public int Cost => 1;

    /// <inheritdoc />
    public bool Holds(ref RuleFacts facts)
    {
        var (spending, organisation) = (facts.Snapshot.Spending, facts.Caller.Organisation.Id);
        var tier = spending.TierOf(organisation, ScopeKinds.Key, facts.Caller.Key.IdText)
            ?? (facts.Request.UserId is { } user ? spending.TierOf(organisation, ScopeKinds.User, user) : null)
            ?? spending.TierOf(organisation, ScopeKinds.Team, facts.Caller.Team.IdText);
        return tier is not null && Array.IndexOf(tiers, tier.Name) >= 0;
    }
}

/// <summary>It is one of these days, or this time of day.</summary>
internal sealed class TimeCondition(int days, TimeSpan? from, TimeSpan? until) : ICondition
{
    /// <inheritdoc />
    public string Name => "time";

    /// <inheritdoc />
    public int Cost => 1;

    /// <inheritdoc />
    public bool Holds(ref RuleFacts facts)
    {
        var local = facts.Local;
        var time = local.TimeOfDay;
        var day = (int)local.DayOfWeek;
        var (begins, ends) = (from ?? TimeSpan.Zero, until ?? TimeSpan.FromDays(1));
        if (begins < ends) return time >= begins && time < ends && IsOn(day);
        // Over midnight: after midnight it is still the night of the day before.
        return time >= begins ? IsOn(day) : time < ends && IsOn((day + 6) % 7);
    }

    private bool IsOn(int day) => (days & (1 << day)) != 0;
}
