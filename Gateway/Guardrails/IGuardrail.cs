using AspireGateway.Gateway.Guardrails.Detection;
using AspireGateway.Gateway.Guardrails.Policies;

namespace AspireGateway.Gateway.Guardrails;

/// <summary>Finds something in a text. Pure: no store, no clock, no client; one instance serves all requests.</summary>
internal interface IGuardrail
{
    /// <summary>Its name of <see cref="Shared.Domain.Guardrails.GuardrailNames"/>.</summary>
    string Name { get; }

    /// <summary>Whether what it finds are stretches that a placeholder can stand for; else its findings are the whole text.</summary>
    bool FindsStretches { get; }

    /// <summary>How many characters of a reply that is being written it must see together to find what it looks for; 0 = it does not look at replies.</summary>
    int ReplyWindow { get; }

    /// <summary>Adds what it finds in a text.</summary>
    /// <param name="text">The text, decoded.</param>
    /// <param name="source">Who wrote it.</param>
    /// <param name="rule">How strict it is, and whatever else the tenant set.</param>
    /// <param name="findings">Takes what is found.</param>
    void Look(ReadOnlySpan<char> text, TextSource source, ActiveRule rule, FindingList findings);
}
