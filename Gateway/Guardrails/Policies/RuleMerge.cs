using AspireGateway.Shared.Domain.Guardrails;

namespace AspireGateway.Gateway.Guardrails.Policies;

/// <summary>Which of several scopes' rules of one guardrail holds.</summary>
internal static class RuleMerge
{
    /// <summary>
    /// The nearest of key, team and organisation decides, because whoever may set policies makes exceptions knowingly; a model's rule only makes it
    /// stricter, because it protects where the texts go, whoever asks. A floor of a team or a key makes what is left stricter still: those that look for what is harmful
    /// everywhere are switched on by it and take no exceptions, all others that are on act at that level (decision 0180).
    /// </summary>
    /// <param name="guardrail">Its name.</param>
    /// <param name="organisation">What the organisation's policy says.</param>
    /// <param name="team">What the team's says.</param>
    /// <param name="key">What the key's says.</param>
    /// <param name="model">What the model's says.</param>
    /// <param name="floor">Of <see cref="GuardrailLevels.Floors"/>; null = none.</param>
    public static GuardrailRule? Of(string guardrail, GuardrailSettings? organisation, GuardrailSettings? team, GuardrailSettings? key, GuardrailSettings? model, string? floor = null)
    {
        var nearest = key?.RuleOf(guardrail) ?? team?.RuleOf(guardrail) ?? organisation?.RuleOf(guardrail);
        var rule = Stricter(guardrail, nearest, model?.RuleOf(guardrail));
        if (floor is null) return rule;
        if (GuardrailNames.OnByFloor.Contains(guardrail, StringComparer.Ordinal)) return Stricter(guardrail, rule, new GuardrailRule { Level = floor });
        return rule is null || rule.Level == GuardrailLevels.Off ? rule : rule with { Level = GuardrailLevels.Stricter(rule.Level, floor)! };
    }

    private static GuardrailRule? Stricter(string guardrail, GuardrailRule? one, GuardrailRule? other)
    {
        if (one is null || one.Level == GuardrailLevels.Off) return other ?? one;
        if (other is null || other.Level == GuardrailLevels.Off) return one;
        return new GuardrailRule
        {
            Level = Stricter(GuardrailLevels.All, one.Level, other.Level)!,
            Action = Stricter(GuardrailActions.All, one.Action ?? GuardrailActions.DefaultOf(guardrail), other.Action ?? GuardrailActions.DefaultOf(guardrail)),
            ReplyAction = GuardrailNames.IsReplyCheck(guardrail)
                ? Stricter(GuardrailActions.All, one.ReplyAction ?? GuardrailActions.Block, other.ReplyAction ?? GuardrailActions.Block)
                : Stricter(GuardrailActions.All, one.ReplyAction, other.ReplyAction),
            Restore = one.Restore == false || other.Restore == false ? false : null,
            OnError = one.OnError == GuardrailFailPolicies.Open && other.OnError == GuardrailFailPolicies.Open ? GuardrailFailPolicies.Open : GuardrailFailPolicies.Closed,
            TimeLimitMs = Math.Max(one.TimeLimitMs ?? GuardrailRule.DefaultTimeLimitMs, other.TimeLimitMs ?? GuardrailRule.DefaultTimeLimitMs),
            ExceptTypes = [.. (one.ExceptTypes ?? []).Intersect(other.ExceptTypes ?? [], StringComparer.Ordinal)],
            RestrictedModel = TargetOf(one) ?? TargetOf(other),
            QuarantineHours = HoursOf(one) is { } hours && HoursOf(other) is { } others ? Math.Min(hours, others) : HoursOf(one) ?? HoursOf(other),
            Words = [.. (one.Words ?? []).Union(other.Words ?? [], StringComparer.Ordinal)],
            Patterns = [.. (one.Patterns ?? []).Union(other.Patterns ?? [], StringComparer.Ordinal)],
            // Two schemas cannot be made one in general; the model's says what comes from there.
            Schema = other.Schema ?? one.Schema,
            OnInvalid = other.OnInvalid ?? one.OnInvalid,
            MinShare = one.MinShare is null && other.MinShare is null ? null : Math.Max(one.MinShare ?? GuardrailRule.DefaultMinShare, other.MinShare ?? GuardrailRule.DefaultMinShare),
            JudgeModel = other.JudgeModel ?? one.JudgeModel,
            JudgeTimeLimitMs = other.JudgeModel is null ? one.JudgeTimeLimitMs : other.JudgeTimeLimitMs,
            MaxCharacters = Least(one.MaxCharacters, other.MaxCharacters),
            MaxMessages = Least(one.MaxMessages, other.MaxMessages),
            Languages = Both(one.Languages, other.Languages),
            DeniedLanguages = Denied(one.DeniedLanguages, other.DeniedLanguages, one.Languages, other.Languages),
            AllowedTopics = Both(one.AllowedTopics, other.AllowedTopics),
            DeniedTopics = Denied(one.DeniedTopics, other.DeniedTopics, one.AllowedTopics, other.AllowedTopics),
            OwnTopics = one.OwnTopics is null && other.OwnTopics is null ? null : [.. one.OwnTopics ?? [], .. other.OwnTopics ?? []],
            MaxMediaKb = Least(one.MaxMediaKb, other.MaxMediaKb),
            MaxMedia = Least(one.MaxMedia, other.MaxMedia),
            MaxPixels = Least(one.MaxPixels, other.MaxPixels),
            MediaTypes = MediaTypesOf(one.MediaTypes, other.MediaTypes),
            AllowRemote = one.AllowRemote == false || other.AllowRemote == false ? false : null,
            MediaLocation = Stricter(MediaLocations.All, one.MediaLocation, other.MediaLocation),
            Checks = [.. (one.Checks ?? []).Union(other.Checks ?? [], StringComparer.Ordinal)],
        };
    }

    private static int? Least(int? one, int? other) => one is null ? other : other is null ? one : Math.Min(one.Value, other.Value);

    // Of two lists of what alone is allowed, what both allow. Where that is nothing the first still stands, with all of it denied.
    private static string[]? Both(string[]? one, string[]? other) =>
        one is null || other is null ? one ?? other : one.Intersect(other, StringComparer.Ordinal).ToArray() is { Length: > 0 } both ? both : one;

    // A family allows its types. What only one of both allows is left out; where they share nothing, no type is left that anything has.
    private static string[]? MediaTypesOf(string[]? one, string[]? other)
    {
        if (one is null || other is null) return one ?? other;
        string[] both = [.. one.Where(type => Allows(other, type)).Union(other.Where(type => Allows(one, type)), StringComparer.Ordinal)];
        return both.Length > 0 ? both : [GuardrailRule.NoMediaType];
    }

    private static bool Allows(string[] types, string type) => types.Contains(type, StringComparer.Ordinal) || types.Contains(string.Concat(type.AsSpan(0, type.IndexOf('/', StringComparison.Ordinal)), "/*"), StringComparer.Ordinal);

    private static string[]? Denied(string[]? one, string[]? other, string[]? allowedByOne, string[]? allowedByOther)
    {
        string[] denied = [.. (one ?? []).Union(other ?? [], StringComparer.Ordinal)];
        if (allowedByOne is { } first && allowedByOther is { } second && !first.Intersect(second, StringComparer.Ordinal).Any()) denied = [.. denied.Union(first, StringComparer.Ordinal)];
        return denied.Length == 0 ? null : denied;
    }

    // Of two that send it elsewhere, the nearest scope's word holds.
    private static string? TargetOf(GuardrailRule rule) => rule.Action == GuardrailActions.Reroute ? rule.RestrictedModel : null;

    private static int? HoursOf(GuardrailRule rule) => rule.Action == GuardrailActions.Quarantine ? rule.QuarantineHours ?? GuardrailRule.DefaultQuarantineHours : null;

    private static string? Stricter(IReadOnlyList<string> byStrictness, string? one, string? other)
    {
        for (var i = byStrictness.Count - 1; i >= 0; i--)
            if (byStrictness[i] == one || byStrictness[i] == other) return byStrictness[i];
        return null;
    }
}
