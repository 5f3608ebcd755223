using System.Collections.Frozen;
using AspireGateway.Shared.Domain.Guardrails;

namespace AspireGateway.Gateway.Guardrails.PromptLimits;

/// <summary>How large a request may be and in which languages it may speak.</summary>
/// <param name="MaxCharacters">Most characters of all its texts; null = any.</param>
/// <param name="MaxMessages">Most messages; null = any.</param>
/// <param name="Allowed">Codes of the languages that alone may be used; empty = any.</param>
/// <param name="Denied">Codes of the languages that may not.</param>
internal sealed record PromptLimit(int? MaxCharacters, int? MaxMessages, FrozenSet<string> Allowed, FrozenSet<string> Denied)
{
    private static readonly PromptLimit None = new(null, null, [], []);

    /// <summary>Whether languages have to be told.</summary>
    public bool AsksForLanguage => Allowed.Count > 0 || Denied.Count > 0;

    /// <summary>From a rule.</summary>
    public static PromptLimit Of(GuardrailRule rule) => rule is { MaxCharacters: null, MaxMessages: null, Languages: null, DeniedLanguages: null } ? None
        : new(rule.MaxCharacters, rule.MaxMessages, (rule.Languages ?? []).ToFrozenSet(StringComparer.Ordinal), (rule.DeniedLanguages ?? []).ToFrozenSet(StringComparer.Ordinal));
}
