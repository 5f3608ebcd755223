using AspireGateway.Shared.Domain.Guardrails;

namespace AspireGateway.Portal.Guardrails;

/// <summary>What one guardrail does, while somebody edits it.</summary>
/// <param name="guardrail">Its name.</param>
public sealed class RuleForm(string guardrail)
{
    /// <summary>What stands for "the next wider policy decides".</summary>
    public const string Wider = "";

    /// <summary>Its name; of <see cref="GuardrailNames"/>.</summary>
    public string Guardrail => guardrail;

    /// <summary>The level; <see cref="Wider"/> = the policy does not name it.</summary>
    public string Level { get; set; } = Wider;

    /// <summary>What becomes of a prompt.</summary>
    public string Action { get; set; } = GuardrailActions.DefaultOf(guardrail);

    /// <summary>What becomes of a reply; empty = it is not looked at.</summary>
    public string ReplyAction { get; set; } = "";

    /// <summary>Whether placeholders in the reply become what they stand for.</summary>
    public bool Restore { get; set; } = true;

    /// <summary>What happens where it cannot say anything.</summary>
    public string OnError { get; set; } = GuardrailFailPolicies.Closed;

    /// <summary>Time limit in milliseconds; null = as usual.</summary>
    public int? TimeLimitMs { get; set; }

    /// <summary>Types that do not count, separated by commas or blanks.</summary>
    public string ExceptTypes { get; set; } = "";

    /// <summary>Words, one a line.</summary>
    public string Words { get; set; } = "";

    /// <summary>Patterns, one a line.</summary>
    public string Patterns { get; set; } = "";

    /// <summary>Most characters of a request; null = any.</summary>
    public int? MaxCharacters { get; set; }

    /// <summary>Most messages of a request; null = any.</summary>
    public int? MaxMessages { get; set; }

    /// <summary>Codes of the only languages, separated by commas or blanks.</summary>
    public string Languages { get; set; } = "";

    /// <summary>Codes of languages that may not be, separated by commas or blanks.</summary>
    public string DeniedLanguages { get; set; } = "";

    /// <summary>Names of checks, one a line.</summary>
    public string Checks { get; set; } = "";

    /// <summary>Whether it looks at anything.</summary>
    public bool IsActive => Level != Wider && Level != GuardrailLevels.Off;

    /// <summary>Of a rule that is set.</summary>
    public static RuleForm Of(string guardrail, GuardrailRule? rule) => rule is null ? new(guardrail) : new(guardrail)
    {
        Level = rule.Level, Action = rule.Action ?? GuardrailActions.DefaultOf(guardrail), ReplyAction = rule.ReplyAction ?? "", Restore = rule.Restore,
        OnError = rule.OnError ?? GuardrailFailPolicies.Closed, TimeLimitMs = rule.TimeLimitMs, ExceptTypes = string.Join(", ", rule.ExceptTypes ?? []),
        Words = string.Join('\n', rule.Words ?? []), Patterns = string.Join('\n', rule.Patterns ?? []), MaxCharacters = rule.MaxCharacters, MaxMessages = rule.MaxMessages,
        Languages = string.Join(", ", rule.Languages ?? []), DeniedLanguages = string.Join(", ", rule.DeniedLanguages ?? []), Checks = string.Join('\n', rule.Checks ?? []),
    };

    /// <summary>What is sent; null = the next wider policy decides. Of one that is off, only what should be there when it is on again.</summary>
    public GuardrailRuleRequest? ToRequest() => Level == Wider ? null : new()
    {
        Level = Level, Action = Action, ReplyAction = ReplyAction.Length == 0 ? null : ReplyAction, Restore = Restore, OnError = OnError, TimeLimitMs = TimeLimitMs,
        ExceptTypes = Codes(ExceptTypes), Words = Lines(Words), Patterns = Lines(Patterns), MaxCharacters = MaxCharacters, MaxMessages = MaxMessages, Languages = Codes(Languages),
        DeniedLanguages = Codes(DeniedLanguages), Checks = Lines(Checks),
    };

    /// <summary>As it would be kept, for the sentence that says what it does; null = the next wider policy decides.</summary>
    public GuardrailRule? ToRule() => ToRequest() is not { } sent ? null : new()
    {
        Level = Level, Action = Action, ReplyAction = sent.ReplyAction, Restore = Restore, OnError = OnError, TimeLimitMs = TimeLimitMs, ExceptTypes = [.. sent.ExceptTypes!],
        Words = [.. sent.Words!], Patterns = [.. sent.Patterns!], MaxCharacters = MaxCharacters, MaxMessages = MaxMessages, Languages = [.. sent.Languages!], DeniedLanguages = [.. sent.DeniedLanguages!],
        Checks = [.. sent.Checks!],
    };

    private static string[] Codes(string text) => text.Split([',', ' ', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
