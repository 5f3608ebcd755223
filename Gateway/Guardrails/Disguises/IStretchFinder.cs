using AspireGateway.Gateway.Guardrails.Detection;

namespace AspireGateway.Gateway.Guardrails.Disguises;

/// <summary>Finds stretches in a text. A value type does it, so that looking several times costs no object.</summary>
internal interface IStretchFinder
{
    /// <summary>Adds what it finds in a text.</summary>
    void Find(ReadOnlySpan<char> text, FindingList findings);
}
