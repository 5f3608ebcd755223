using AspireGateway.Portal.Guardrails;
using AspireGateway.Shared.Domain.Guardrails;

namespace AspireGateway.Portal.Quarantine;

/// <summary>Quarantined requests as people read them.</summary>
public static class QuarantineWords
{
    /// <summary>The guardrails that keep it: "Prompt injection, Banned words".</summary>
    public static string Guardrails(QuarantineDetails request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return string.Join(", ", request.Guardrails.Select(GuardrailWords.Title));
    }

    /// <summary>What was found: "2 EMAIL, 1 IBAN".</summary>
    public static string Findings(QuarantineDetails request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return string.Join(", ", request.Findings.Select(f => $"{f.Count} {f.Type}"));
    }

    /// <summary>A state: "Released".</summary>
    public static string State(string state) => state switch
    {
        QuarantineStates.Pending => "Waits",
        QuarantineStates.Released => "Released",
        QuarantineStates.Rejected => "Rejected",
        QuarantineStates.Expired => "Expired",
        _ => state,
    };
}
