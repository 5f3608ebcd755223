using AspireGateway.Gateway.Guardrails.Detection;
using AspireGateway.Gateway.Guardrails.Disguises;
using AspireGateway.Gateway.Guardrails.Policies;
using AspireGateway.Shared.Domain.Guardrails;

namespace AspireGateway.Gateway.Guardrails.Secrets;

/// <summary>Finds keys, tokens and passwords.</summary>
internal sealed class SecretsGuardrail : IGuardrail
{
    // Tokens are shorter; of a key in PEM the head is found, and everything up to its end with it.
    private const int LongestStretch = 320;

    private readonly SecretDetector detector = new();

    /// <inheritdoc />
    public string Name => GuardrailNames.Secrets;

    /// <inheritdoc />
    public bool FindsStretches => true;

    /// <inheritdoc />
    public int ReplyWindow => LongestStretch;

    /// <inheritdoc />
    public void Look(ReadOnlySpan<char> text, TextSource source, ActiveRule rule, FindingList findings) => DisguisedSearch.Find(text, new Finder(detector), findings);

    private readonly struct Finder(SecretDetector detector) : IStretchFinder
    {
        public void Find(ReadOnlySpan<char> text, FindingList findings) => detector.Find(text, findings);
    }
}
