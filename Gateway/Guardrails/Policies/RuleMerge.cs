using AspireGateway.Shared.Domain.Guardrails;

namespace AspireGateway.Gateway.Guardrails.Policies;

/// <summary>Which of several scopes' rules of one guardrail holds.</summary>
internal static class RuleMerge
{
    /// <summary>
    /// The nearest of key, team and organisation decides, because whoever may set policies makes exceptions knowingly; a model's rule only makes it
    /// stricter, because it protects where the texts go, whoever asks.
    /// </summary>
    public static GuardrailRule? Of(string guardrail, GuardrailSettings? organisation, GuardrailSettings? team, GuardrailSettings? key, GuardrailSettings? model)
    {
        var nearest = key?.RuleOf(guardrail) ?? team?.RuleOf(guardrail) ?? organisation?.RuleOf(guardrail);
        return Stricter(guardrail, nearest, model?.RuleOf(guardrail));
    }

    private static GuardrailRule? Stricter(string guardrail, GuardrailRule? one, GuardrailRule? other)
    {
        if (one is null || one.Level == GuardrailLevels.Off) return other ?? one;
        if (other is null || other.Level == GuardrailLevels.Off) return one;
        return new GuardrailRule
        {
            Level = Stricter(GuardrailLevels.All, one.Level, other.Level)!,
            Action = Stricter(GuardrailActions.All, one.Action ?? GuardrailActions.DefaultOf(guardrail), other.Action ?? GuardrailActions.DefaultOf(guardrail)),
            ReplyAction = Stricter(GuardrailActions.All, one.ReplyAction, other.ReplyAction),
            Restore = one.Restore == false || other.Restore == false ? false : null,
            OnError = one.OnError == GuardrailFailPolicies.Open && other.OnError == GuardrailFailPolicies.Open ? GuardrailFailPolicies.Open : GuardrailFailPolicies.Closed,
            TimeLimitMs = Math.Max(one.TimeLimitMs ?? GuardrailRule.DefaultTimeLimitMs, other.TimeLimitMs ?? GuardrailRule.DefaultTimeLimitMs),
            ExceptTypes = [.. (one.ExceptTypes ?? []).Intersect(other.ExceptTypes ?? [], StringComparer.Ordinal)],
            Words = [.. (one.Words ?? []).Union(other.Words ?? [], StringComparer.Ordinal)],
            Patterns = [.. (one.Patterns ?? []).Union(other.Patterns ?? [], StringComparer.Ordinal)],
            MaxCharacters = Least(one.MaxCharacters, other.MaxCharacters),
            MaxMessages = Least(one.MaxMessages, other.MaxMessages),
            Languages = Both(one.Languages, other.Languages),
            DeniedLanguages = Denied(one, other),
            Checks = [.. (one.Checks ?? []).Union(other.Checks ?? [], StringComparer.Ordinal)],
        };
    }

    private static int? Least(int? one, int? other) => one is null ? other : other is null ? one : Math.Min(one.Value, other.Value);

    // Of two lists of what alone is allowed, what both allow. Where that is nothing the first still stands, with all of it denied.
    private static string[]? Both(string[]? one, string[]? other) =>
        one is null || other is null ? one ?? other : one.Intersect(other, StringComparer.Ordinal).ToArray() is { Length: > 0 } both ? both : one;

    private static string[]? Denied(GuardrailRule one, GuardrailRule other)
    {
        string[] denied = [.. (one.DeniedLanguages ?? []).Union(other.DeniedLanguages ?? [], StringComparer.Ordinal)];
        if (one.Languages is { } first && other.Languages is { } second && !first.Intersect(second, StringComparer.Ordinal).Any()) denied = [.. denied.Union(first, StringComparer.Ordinal)];
        return denied.Length == 0 ? null : denied;
    }

    private static string? Stricter(IReadOnlyList<string> byStrictness, string? one, string? other)
    {
        for (var i = byStrictness.Count - 1; i >= 0; i--)
            if (byStrictness[i] == one || byStrictness[i] == other) return byStrictness[i];
        return null;
    }
}
