using AspireGateway.Gateway.Guardrails.Detection;
using AspireGateway.Gateway.Guardrails.Media;
using AspireGateway.Gateway.Guardrails.Policies;

namespace AspireGateway.Gateway.Guardrails;

/// <summary>A guardrail that looks at pictures, sounds and files rather than at texts.</summary>
internal interface IMediaGuardrail : IGuardrail
{
    /// <summary>Adds what it finds in all media of a request together.</summary>
    /// <param name="media">The media.</param>
    /// <param name="rule">What the tenant set.</param>
    /// <param name="findings">Takes what is found; a place is the number of the item.</param>
    void LookAtAll(BodyMedia media, ActiveRule rule, FindingList findings);

    /// <summary>Adds what it finds in one item.</summary>
    /// <param name="media">The media; gets how many of them are to be changed.</param>
    /// <param name="index">The item's number.</param>
    /// <param name="rule">What the tenant set.</param>
    /// <param name="findings">Takes what is found.</param>
    void LookAt(BodyMedia media, int index, ActiveRule rule, FindingList findings);
}
