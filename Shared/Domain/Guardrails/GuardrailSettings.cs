using System.Text.Json.Serialization;

namespace AspireGateway.Shared.Domain.Guardrails;

/// <summary>
/// What each guardrail of a scope does; null = the next wider scope decides. A new guardrail is one property here, with its annotation, in the place where it looks by default.
/// </summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record GuardrailSettings
{
    /// <summary>The order in which guardrails look, by their names; those that it does not name come after, as declared here. Null = the next wider scope decides.</summary>
    public string[]? Order { get; init; }

    /// <summary>How large a request may be and in which languages it may speak.</summary>
    [Guardrail("Size and language", LooksFor = "How large a request may be, and in which languages users may write.", Replies = false, Masks = false)]
    public GuardrailRule? PromptLimits { get; init; }

    /// <summary>Pictures, sounds and files.</summary>
    [Guardrail("Pictures and sounds", LooksFor = "How large pictures, sounds and files may be, of which types, and whether they tell where they were taken.", Replies = false, Masks = false)]
    public GuardrailRule? Media { get; init; }

    /// <summary>Personal data.</summary>
    [Guardrail("Personal data", LooksFor = "E-mail addresses, phone numbers, bank accounts, ids of persons.", Default = GuardrailActions.Mask)]
    public GuardrailRule? PersonalData { get; init; }

    /// <summary>Keys, tokens, passwords.</summary>
    [Guardrail("Secrets", LooksFor = "Keys, tokens, passwords, connection strings.", Default = GuardrailActions.Mask)]
    public GuardrailRule? Secrets { get; init; }

    /// <summary>Texts that try to take over the model.</summary>
    [Guardrail("Prompt injection", LooksFor = "Texts that try to take over the model.", Replies = false, Masks = false)]
    public GuardrailRule? PromptInjection { get; init; }

    /// <summary>Words and patterns that the tenant forbids.</summary>
    [Guardrail("Banned words", LooksFor = "Words and regular expressions of your own.")]
    public GuardrailRule? BannedPatterns { get; init; }

    /// <summary>What requests may be about.</summary>
    [Guardrail("Topics", LooksFor = "What users talk about: politics, health, or topics of your own.", Replies = false, Masks = false)]
    public GuardrailRule? Topics { get; init; }

    /// <summary>Hate, self-harm and other harmful content.</summary>
    [Guardrail("Harmful content", LooksFor = "Hate, self-harm and the like.")]
    public GuardrailRule? ContentPolicy { get; init; }

    /// <summary>Services outside of the gateway that look.</summary>
    [Guardrail("Checks outside", LooksFor = "Moderation endpoints, judging models, recognisers, services of your own.", Defers = false)]
    public GuardrailRule? ExternalChecks { get; init; }

    /// <summary>Replies that are not in the form that was promised.</summary>
    [Guardrail("Form of replies", LooksFor = "Replies that are not the JSON that the request or a schema asks for.", Default = null, Masks = false)]
    public GuardrailRule? ReplyFormat { get; init; }

    /// <summary>Replies that their context does not support.</summary>
    [Guardrail("Groundedness", LooksFor = "Replies that say what tools, documents and the supplied context do not.", Default = null, Masks = false)]
    public GuardrailRule? Groundedness { get; init; }

    /// <summary>Replies that repeat the system prompt.</summary>
    [Guardrail("System prompt", LooksFor = "Replies that repeat what the application told the model.", Default = null, Masks = false)]
    public GuardrailRule? PromptLeak { get; init; }

    /// <summary>The rule of a guardrail by its name of <see cref="GuardrailNames"/>; null = these settings do not name it.</summary>
    public GuardrailRule? RuleOf(string name) => GuardrailDescription.Of(name)?.RuleIn(this);
}
