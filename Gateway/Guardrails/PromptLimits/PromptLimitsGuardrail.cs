using AspireGateway.Gateway.Guardrails.Detection;
using AspireGateway.Gateway.Guardrails.Policies;
using AspireGateway.Gateway.Guardrails.PromptLimits.Languages;
using AspireGateway.Gateway.Guardrails.Prompts;
using AspireGateway.Shared.Domain.Guardrails;

namespace AspireGateway.Gateway.Guardrails.PromptLimits;

/// <summary>Finds requests that are too large, and texts of users in languages that they may not use.</summary>
internal sealed class PromptLimitsGuardrail : IRequestGuardrail
{
    /// <summary>Type of a request with too many characters.</summary>
    public const string TooLong = "TOO_LONG";

    /// <summary>Type of a request with too many messages.</summary>
    public const string TooManyMessages = "TOO_MANY_MESSAGES";

    /// <summary>What types of languages begin with; the code follows, in upper case.</summary>
    public const string LanguagePrefix = "LANGUAGE_";

    private const string UnknownLanguage = LanguagePrefix + "UNKNOWN";

    // Long enough to be sure, short enough that another language within a long text is not outvoted.
    private const int Window = 4_000;

    private static readonly Dictionary<string, string> Types = LanguageCodes.All.ToDictionary(code => code, code => LanguagePrefix + code.ToUpperInvariant(), StringComparer.Ordinal);

    /// <inheritdoc />
    public string Name => GuardrailNames.PromptLimits;

    /// <inheritdoc />
    public bool FindsStretches => false;

    /// <inheritdoc />
    public int ReplyWindow => 0;

    /// <inheritdoc />
    public void Look(ReadOnlySpan<char> text, TextSource source, ActiveRule rule, FindingList findings)
    {
        if (rule.Limit.MaxCharacters is { } most && text.Length > most) findings.Add(new(TooLong, most, text.Length - most, 1));
        if (!rule.Limit.AsksForLanguage || source != TextSource.User) return;
        if (!LookAtLanguage(text, 0, rule, findings) && rule.IsStrict && rule.Limit.Allowed.Count > 0 && text.Length > 0) findings.Add(new(UnknownLanguage, 0, text.Length, 0.5));
    }

    /// <inheritdoc />
    public void Look(BodyTexts texts, ActiveRule rule, FindingList findings)
    {
        var (limit, all) = (rule.Limit, texts.All.Length);
        var parts = texts.Parts;
        if (limit.MaxCharacters is { } most && all > most) findings.Add(new(TooLong, most, all - most, 1));
        if (limit.MaxMessages is { } messages && FirstBeyond(parts, messages) is { } beyond) findings.Add(new(TooManyMessages, beyond, Math.Max(1, all - beyond), 1));
        if (!limit.AsksForLanguage) return;

        var (isKnown, isAsked) = (false, false);
        for (var i = 0; i < parts.Length; i++)
        {
            if (parts[i].Source != TextSource.User || parts[i].Length == 0) continue;
            var first = UserMessages.EndOf(parts, ref i);
            isAsked = true;
            isKnown |= LookAtLanguage(texts.All[parts[first].Start..parts[i].End], parts[first].Start, rule, findings);
        }
        // "Yes, please" has a language only where something was said before.
        if (isAsked && !isKnown && rule.IsStrict && limit.Allowed.Count > 0) findings.Add(new(UnknownLanguage, 0, Math.Max(1, all), 0.5));
    }

    // Whether it could be told.
    private static bool LookAtLanguage(ReadOnlySpan<char> text, int offset, ActiveRule rule, FindingList findings)
    {
        var (limit, isKnown) = (rule.Limit, false);
        for (var at = 0; at < text.Length; at += Window)
        {
            var length = Math.Min(Window, text.Length - at);
            // What is left over is looked at together with what is before it.
            var from = length < Window / 4 && at > 0 ? at - (Window / 4) : at;
            var guess = LanguageDetector.Detect(text[from..(at + length)]);
            isKnown |= guess.Language is not null;
            if (guess.Possible is not { } possible) continue;
            var (isDenied, isAllowed) = (guess.Language is { } known && limit.Denied.Contains(known), limit.Allowed.Count == 0);
            foreach (var language in possible) isAllowed |= limit.Allowed.Contains(language);
            if (isAllowed && !isDenied) continue;
            findings.Add(new(guess.Language is { } told ? Types[told] : UnknownLanguage, offset + from, at + length - from, 1));
            isKnown = true;
        }
        return isKnown;
    }

    private static int? FirstBeyond(ReadOnlySpan<TextPart> parts, int messages)
    {
        foreach (ref readonly var part in parts)
            if (part.Message >= messages) return part.Start;
        return null;
    }
}
