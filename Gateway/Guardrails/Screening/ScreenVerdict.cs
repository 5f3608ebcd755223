using System.Globalization;
using AspireGateway.Gateway.Guardrails.Policies;

namespace AspireGateway.Gateway.Guardrails.Screening;

/// <summary>Why nothing of a text may pass.</summary>
/// <param name="Rule">Whose word it is.</param>
/// <param name="Types">What was found, once each time it was.</param>
/// <param name="HasFailed">It could not look to its end, and its policy is closed.</param>
internal sealed record ScreenVerdict(ActiveRule Rule, string[] Types, bool HasFailed)
{
    /// <summary>What was found, for a sentence: <c>2 EMAIL, 1 IBAN</c>.</summary>
    public string Found => string.Join(", ", Types.GroupBy(type => type, StringComparer.Ordinal)
        .OrderByDescending(group => group.Count()).Take(5).Select(group => string.Create(CultureInfo.InvariantCulture, $"{group.Count()} {group.Key}")));
}
