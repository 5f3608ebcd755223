using AspireGateway.Gateway.Guardrails.Detection;
using AspireGateway.Gateway.Guardrails.Policies;
using AspireGateway.Shared.Domain.Guardrails;

namespace AspireGateway.Gateway.Guardrails.ContentPolicy;

/// <summary>Finds words and phrases of unwanted content.</summary>
internal sealed class ContentPolicyGuardrail : IGuardrail
{
    // A phrase with the words around it that say how it is meant.
    private const int LongestStretch = 200;

    /// <inheritdoc />
    public string Name => GuardrailNames.ContentPolicy;

    /// <inheritdoc />
    public bool FindsStretches => true;

    /// <inheritdoc />
    public int ReplyWindow => LongestStretch;

    /// <inheritdoc />
    public void Look(ReadOnlySpan<char> text, TextSource source, ActiveRule rule, FindingList findings)
    {
        ContentPolicyDetector.Default.Find(text, findings);
        // At "strict" what is only mentioned counts, too.
        if (!rule.IsStrict) findings.RemoveBelow(ContentPolicyDetector.Standard);
    }
}
