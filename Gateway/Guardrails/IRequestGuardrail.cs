using AspireGateway.Gateway.Guardrails.Detection;
using AspireGateway.Gateway.Guardrails.Policies;
using AspireGateway.Gateway.Guardrails.Prompts;

namespace AspireGateway.Gateway.Guardrails;

/// <summary>A guardrail that judges a request as a whole rather than text by text.</summary>
internal interface IRequestGuardrail : IGuardrail
{
    /// <summary>Adds what it finds in a request.</summary>
    /// <param name="texts">All texts of the request.</param>
    /// <param name="rule">What the tenant set.</param>
    /// <param name="findings">Takes what is found; places are those of all texts one behind the other.</param>
    void Look(BodyTexts texts, ActiveRule rule, FindingList findings);
}
