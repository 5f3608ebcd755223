using System.Text.Json.Serialization;

namespace AspireGateway.Shared.Domain.Guardrails;

/// <summary>What one guardrail does within a scope.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record GuardrailRule
{
    /// <summary>Most words and patterns of a rule.</summary>
    public const int MaxPatterns = 200;

    /// <summary>Longest word or pattern, in characters.</summary>
    public const int MaxPatternLength = 500;

    /// <summary>Longest time that looking may take, in milliseconds.</summary>
    public const int MaxTimeLimitMs = 5_000;

    /// <summary>How long looking may take where the rule says nothing, in milliseconds. Looking takes a few ms for 100 KB; the rest is for a machine that is busy otherwise.</summary>
    public const int DefaultTimeLimitMs = 2_000;

    /// <summary>One of <see cref="GuardrailLevels"/>.</summary>
    public required string Level { get; init; }

    /// <summary>What becomes of a prompt; one of <see cref="GuardrailActions"/>, null = the guardrail's own (<see cref="GuardrailActions.DefaultOf"/>).</summary>
    public string? Action { get; init; }

    /// <summary>What becomes of a reply; one of <see cref="GuardrailActions"/>, null = replies are not looked at.</summary>
    public string? ReplyAction { get; init; }

    /// <summary>With <see cref="GuardrailActions.Mask"/>: whether placeholders in the reply become what they stand for again.</summary>
    public bool Restore { get; init; } = true;

    /// <summary>One of <see cref="GuardrailFailPolicies"/>; null = closed.</summary>
    public string? OnError { get; init; }

    /// <summary>How long looking at one request may take, 1 to <see cref="MaxTimeLimitMs"/> ms; null = <see cref="DefaultTimeLimitMs"/>.</summary>
    public int? TimeLimitMs { get; init; }

    /// <summary>Types of findings that do not count, such as <c>IP_ADDRESS</c>; null = all count.</summary>
    public string[]? ExceptTypes { get; init; }

    /// <summary>Of banned patterns: words and phrases, found whatever their case.</summary>
    public string[]? Words { get; init; }

    /// <summary>Of banned patterns: regular expressions of .NET without back references and look-around.</summary>
    public string[]? Patterns { get; init; }

    /// <summary>Of limits of prompts: most characters of all texts of a request together, at least 1.</summary>
    public int? MaxCharacters { get; init; }

    /// <summary>Of limits of prompts: most messages of a conversation, or entries of a list of inputs, at least 1.</summary>
    public int? MaxMessages { get; init; }

    /// <summary>Of limits of prompts: the only languages that users may write, of <see cref="LanguageCodes"/>; null = any.</summary>
    public string[]? Languages { get; init; }

    /// <summary>Of limits of prompts: languages that users may not write, of <see cref="LanguageCodes"/>.</summary>
    public string[]? DeniedLanguages { get; init; }

    /// <summary>Of external checks: names of the organisation's <see cref="GuardrailCheck"/>s that are asked; at most <see cref="GuardrailCheck.MaxOfRule"/>.</summary>
    public string[]? Checks { get; init; }
}

/// <summary>How strict a guardrail is.</summary>
public static class GuardrailLevels
{
    /// <summary>It does not look.</summary>
    public const string Off = "off";

    /// <summary>It looks as at <see cref="Standard"/> and only counts.</summary>
    public const string Flag = "flag";

    /// <summary>It acts on what is likely.</summary>
    public const string Standard = "standard";

    /// <summary>It acts on what is possible, too.</summary>
    public const string Strict = "strict";

    /// <summary>All of them, by strictness.</summary>
    public static readonly IReadOnlyList<string> All = [Off, Flag, Standard, Strict];
}

/// <summary>What a guardrail does with what it finds.</summary>
public static class GuardrailActions
{
    /// <summary>Counts it.</summary>
    public const string Flag = "flag";

    /// <summary>Puts a placeholder in its place.</summary>
    public const string Mask = "mask";

    /// <summary>Refuses the request, or ends the reply.</summary>
    public const string Block = "block";

    /// <summary>All of them, by strictness.</summary>
    public static readonly IReadOnlyList<string> All = [Flag, Mask, Block];

    /// <summary>What a guardrail does where its rule names no action.</summary>
    public static string DefaultOf(string guardrail) => guardrail is GuardrailNames.PersonalData or GuardrailNames.Secrets ? Mask : Block;

    /// <summary>Whether a guardrail finds stretches of text that a placeholder can stand for.</summary>
    public static bool CanMask(string guardrail) => guardrail is not (GuardrailNames.PromptInjection or GuardrailNames.PromptLimits);
}

/// <summary>What becomes of a request when a guardrail cannot say anything about it.</summary>
public static class GuardrailFailPolicies
{
    /// <summary>It is refused.</summary>
    public const string Closed = "closed";

    /// <summary>It goes on.</summary>
    public const string Open = "open";

    /// <summary>Both.</summary>
    public static readonly IReadOnlyList<string> All = [Closed, Open];
}
