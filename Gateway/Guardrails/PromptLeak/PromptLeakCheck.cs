using AspireGateway.Gateway.Guardrails.Detection;
using AspireGateway.Gateway.Guardrails.Policies;
using AspireGateway.Gateway.Guardrails.Prompts;
using AspireGateway.Gateway.Guardrails.Replies;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Shared.Domain.Guardrails;

namespace AspireGateway.Gateway.Guardrails.PromptLeak;

/// <summary>Does the reply repeat what the application told the model?</summary>
internal sealed class PromptLeakCheck : IReplyCheck
{
    private const int MaxDepth = 256;

    /// <inheritdoc />
    public string Name => GuardrailNames.PromptLeak;

    /// <inheritdoc />
    public Refusal? Prepare(Exchange exchange, ActiveCheck rule, ReplyChecks checks)
    {
        checks.Leak = rule;
        return null;
    }

    /// <summary>The rule that looks at this request's reply as other guardrails do, streams included; null = the request tells the model nothing that is long enough to be known again.</summary>
    public static ActiveRule? RuleOf(RequestFacts facts, ActiveCheck rule)
    {
        using var texts = new BodyTexts();
        BodyTextReader.TryRead(facts.Body.Span, MaxDepth, texts);
        var guardrail = new PromptLeakGuardrail(rule.IsStrict);
        foreach (ref readonly var part in texts.Parts)
            if (part.Source == TextSource.System) guardrail.Add(texts.TextOf(part));
        if (guardrail.IsEmpty) return null;
        // What others said as well is no secret.
        foreach (ref readonly var part in texts.Parts)
            if (part.Source != TextSource.System) guardrail.Remove(texts.TextOf(part));
        return ActiveRule.Of(guardrail, rule.Rule with { ReplyAction = rule.Action });
    }
}
