using AspireGateway.Gateway.Guardrails.BannedPatterns;
using AspireGateway.Gateway.Guardrails.ContentPolicy;
using AspireGateway.Gateway.Guardrails.External;
using AspireGateway.Gateway.Guardrails.Injection;
using AspireGateway.Gateway.Guardrails.Media;
using AspireGateway.Gateway.Guardrails.PersonalData;
using AspireGateway.Gateway.Guardrails.PromptLimits;
using AspireGateway.Gateway.Guardrails.Secrets;
using AspireGateway.Gateway.Guardrails.Topics;

namespace AspireGateway.Gateway.Guardrails;

/// <summary>The list of guardrails: a new one is one folder and one line here.</summary>
internal static class GuardrailModules
{
    /// <summary>All of them, in the order in which they look at a text.</summary>
    public static readonly IReadOnlyList<IGuardrail> All =
    [
        new PromptLimitsGuardrail(),
        new MediaGuardrail(),
        new PersonalDataGuardrail(),
        new SecretsGuardrail(),
        new InjectionGuardrail(),
        new BannedPatternsGuardrail(),
        new TopicsGuardrail(),
        new ContentPolicyGuardrail(),
        new ExternalChecksGuardrail(),
    ];
}
