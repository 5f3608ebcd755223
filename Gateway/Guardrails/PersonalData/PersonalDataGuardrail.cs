using AspireGateway.Gateway.Guardrails.Detection;
using AspireGateway.Gateway.Guardrails.Disguises;
using AspireGateway.Gateway.Guardrails.Policies;
using AspireGateway.Shared.Domain.Guardrails;

namespace AspireGateway.Gateway.Guardrails.PersonalData;

/// <summary>Finds personal data.</summary>
internal sealed class PersonalDataGuardrail : IGuardrail
{
    // Below the usual threshold stand shapes that a word beside them would have to confirm.
    private const double StrictThreshold = 0.35;

    // The longest is an address of a street with its town.
    private const int LongestStretch = 160;

    private readonly PersonalDataDetector detector = new();

    /// <inheritdoc />
    public string Name => GuardrailNames.PersonalData;

    /// <inheritdoc />
    public bool FindsStretches => true;

    /// <inheritdoc />
    public int ReplyWindow => LongestStretch;

    /// <inheritdoc />
    public void Look(ReadOnlySpan<char> text, TextSource source, ActiveRule rule, FindingList findings) =>
        DisguisedSearch.Find(text, new Finder(detector, rule.IsStrict ? StrictThreshold : PersonalDataDetector.DefaultThreshold), findings);

    private readonly struct Finder(PersonalDataDetector detector, double threshold) : IStretchFinder
    {
        public void Find(ReadOnlySpan<char> text, FindingList findings) => detector.Find(text, PersonalDataKinds.All, threshold, findings);
    }
}
