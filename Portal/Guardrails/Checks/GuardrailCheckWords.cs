using AspireGateway.Portal.Components.Formats;
using AspireGateway.Shared.Domain.Guardrails;

namespace AspireGateway.Portal.Guardrails.Checks;

/// <summary>Checks in words.</summary>
internal static class GuardrailCheckWords
{
    /// <summary>Kinds to choose from.</summary>
    public static readonly IReadOnlyList<CheckChoice> Kinds = [.. GuardrailCheckKinds.All.Select(kind => new CheckChoice(Kind(kind), kind))];

    /// <summary>What it can look at.</summary>
    public static readonly IReadOnlyList<CheckChoice> Texts = [new("Prompts", GuardrailCheckTexts.Prompts), new("Replies", GuardrailCheckTexts.Replies), new("Prompts and replies", GuardrailCheckTexts.Both)];

    /// <summary>What becomes of a text that it says nothing about.</summary>
    public static readonly IReadOnlyList<CheckChoice> OnError = [new("Refuse", GuardrailFailPolicies.Closed), new("Let through", GuardrailFailPolicies.Open)];

    /// <summary>A kind: "Moderation endpoint".</summary>
    public static string Kind(string kind) => kind switch
    {
        GuardrailCheckKinds.Moderations => "Moderation endpoint",
        GuardrailCheckKinds.Chat => "Judging chat model",
        GuardrailCheckKinds.Presidio => "Entity recogniser",
        GuardrailCheckKinds.Ocr => "Reader of pictures",
        GuardrailCheckKinds.Transcription => "Transcription of sounds",
        _ => "Service of your own",
    };

    /// <summary>What it looks at and how: "prompts and replies, up to 50,000 characters; 1,500 ms, else refused".</summary>
    public static string Does(GuardrailCheckDetails check)
    {
        if (GuardrailCheckKinds.ReadsMedia(check.Kind))
            return $"{(check.Kind == GuardrailCheckKinds.Ocr ? "pictures and documents" : "sounds")} of prompts, up to {Quantity.Exact(check.MaxCharacters)} characters in each; {Quantity.Exact(check.TimeLimitMs)} ms, else {(check.OnError == GuardrailFailPolicies.Open ? "let through" : "refused")}";
        var texts = check.AppliesTo == GuardrailCheckTexts.Both ? "prompts and replies" : check.AppliesTo;
        return $"{texts}, up to {Quantity.Exact(check.MaxCharacters)} characters; {Quantity.Exact(check.TimeLimitMs)} ms, else {(check.OnError == GuardrailFailPolicies.Open ? "let through" : "refused")}";
    }
}

/// <summary>Something to choose.</summary>
/// <param name="Text">Its name.</param>
/// <param name="Value">Its word in the API.</param>
internal sealed record CheckChoice(string Text, string Value);
