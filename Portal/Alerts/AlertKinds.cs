using AspireGateway.Portal.Components.Formats;
using AspireGateway.Portal.Guardrails;

namespace AspireGateway.Portal.Alerts;

/// <summary>What alerts are raised about.</summary>
public static class AlertKinds
{
    /// <summary>Guardrails find something in many more requests than usual. The subject is the guardrail.</summary>
    public const string GuardrailRise = "guardrail_rise";

    /// <summary>What it is, in a sentence without its end.</summary>
    public static string Title(AlertRow alert)
    {
        ArgumentNullException.ThrowIfNull(alert);
        return alert.Kind switch
        {
            GuardrailRise => $"{GuardrailWords.Title(alert.Subject)}: findings in many more requests than usual",
            _ => alert.Kind.Replace('_', ' '),
        };
    }

    /// <summary>Its numbers, in a sentence without its end.</summary>
    public static string Numbers(AlertRow alert)
    {
        ArgumentNullException.ThrowIfNull(alert);
        return $"{Quantity.Exact((long)alert.Value)} requests within an hour; usual at this time: {Quantity.Exact((long)Math.Round(alert.Usual))}; raised from {Quantity.Exact((long)Math.Ceiling(alert.Threshold))}";
    }

    /// <summary>Where one looks further.</summary>
    public static string Href(AlertRow alert)
    {
        ArgumentNullException.ThrowIfNull(alert);
        return alert.Kind == GuardrailRise ? $"requests?guardrail={Uri.EscapeDataString(alert.Subject)}&range=24h" : "alerts";
    }
}
