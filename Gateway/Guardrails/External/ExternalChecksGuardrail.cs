using AspireGateway.Gateway.Guardrails.Detection;
using AspireGateway.Gateway.Guardrails.Policies;
using AspireGateway.Shared.Domain.Guardrails;

namespace AspireGateway.Gateway.Guardrails.External;

/// <summary>Stands for the checks outside of the gateway among the guardrails. Asking takes time, so <see cref="ExternalScreen"/> does it once the others have looked and masked.</summary>
internal sealed class ExternalChecksGuardrail : IGuardrail
{
    /// <inheritdoc />
    public string Name => GuardrailNames.ExternalChecks;

    /// <inheritdoc />
    public bool FindsStretches => true;

    /// <inheritdoc />
    public int ReplyWindow => 1;

    /// <inheritdoc />
    public void Look(ReadOnlySpan<char> text, TextSource source, ActiveRule rule, FindingList findings)
    {
        // Nothing is found without asking.
    }
}
