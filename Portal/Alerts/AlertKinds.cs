using System.Globalization;
using AspireGateway.Portal.Components.Formats;
using AspireGateway.Portal.Guardrails;
using AspireGateway.Portal.Scopes;

namespace AspireGateway.Portal.Alerts;

/// <summary>What alerts are raised about.</summary>
public static class AlertKinds
{
    /// <summary>Guardrails find something in many more requests than usual. The subject is the guardrail; the value counts requests.</summary>
    public const string GuardrailRise = "guardrail_rise";

    /// <summary>A key, team, feature or agent costs many times what is usual. The subject is <c>key:ID</c> and so on; the value is USD within ten minutes.</summary>
    public const string CostSpike = "cost_spike";

    /// <summary>A provider fails an unusual part of what it is asked. The subject is the provider; the value a share from 0 to 1.</summary>
    public const string ProviderErrors = "provider_errors";

    /// <summary>A provider refuses requests for its own limits. The subject is the provider; the value a share from 0 to 1.</summary>
    public const string ProviderRateLimits = "provider_rate_limits";

    /// <summary>Limits or budgets of one scope refuse requests. The subject is <c>team:ID</c> and so on; the value counts refusals within ten minutes.</summary>
    public const string LimitBreach = "limit_breach";

    /// <summary>Gateways hold the slowest hundredth of answers up. The subject is <c>p99</c>; the value is in milliseconds.</summary>
    public const string GatewaySlow = "gateway_slow";

    /// <summary>Redis is nearly full. The value is a share from 0 to 1.</summary>
    public const string StoreMemory = "store_memory";

    /// <summary>A gateway's journal is nearly full. The subject is the gateway; the value a share from 0 to 1.</summary>
    public const string JournalDepth = "journal_depth";

    /// <summary>Every kind.</summary>
    public static readonly IReadOnlyList<string> All = [GuardrailRise, CostSpike, ProviderErrors, ProviderRateLimits, LimitBreach, GatewaySlow, StoreMemory, JournalDepth];

    /// <summary>What such alerts are called.</summary>
    public static string Name(string kind) => kind switch
    {
        GuardrailRise => "Findings of guardrails",
        CostSpike => "Rising costs",
        ProviderErrors => "Failures of providers",
        ProviderRateLimits => "Refusals of providers",
        LimitBreach => "Refusals by limits",
        GatewaySlow => "Slow gateways",
        StoreMemory => "Memory of Redis",
        JournalDepth => "Room of journals",
        _ => kind.Replace('_', ' '),
    };

    /// <summary>What it is, in a sentence without its end.</summary>
    public static string Title(AlertRow alert)
    {
        ArgumentNullException.ThrowIfNull(alert);
        return alert.Kind switch
        {
            GuardrailRise => $"{GuardrailWords.Title(alert.Subject)}: findings in many more requests than usual",
            CostSpike => $"{Capital(Whose(alert))} costs many times what is usual",
            ProviderErrors => $"Provider {alert.Subject} fails more requests than usual",
            ProviderRateLimits => $"Provider {alert.Subject} refuses requests for its own limits",
            LimitBreach => $"Requests are refused by the limits of {Whose(alert)}",
            GatewaySlow => "Gateways hold answers up",
            StoreMemory => "Redis is nearly full",
            JournalDepth => $"The journal of gateway {alert.Subject} is nearly full",
            _ => alert.Kind.Replace('_', ' '),
        };
    }

    /// <summary>Its numbers, in a sentence without its end.</summary>
    public static string Numbers(AlertRow alert)
    {
        ArgumentNullException.ThrowIfNull(alert);
        return alert.Kind switch
        {
            GuardrailRise => $"{Count(alert.Value)} requests within an hour; usual at this time: {Count(Math.Round(alert.Usual))}; raised from {Count(Math.Ceiling(alert.Threshold))}",
            CostSpike => $"{Usd(alert.Value)} within ten minutes at most, {Usd(alert.Latest)} at last; usual at this time: {Usd(alert.Usual)}; raised from {Usd(alert.Threshold)}",
            ProviderErrors => $"{Share(alert.Value)} of its requests failed within ten minutes at most, {Share(alert.Latest)} at last; usual: {Share(alert.Usual)}; raised from {Share(alert.Threshold)}",
            ProviderRateLimits => $"{Share(alert.Value)} of its requests were answered 429 within ten minutes at most, {Share(alert.Latest)} at last; raised from {Share(alert.Threshold)}",
            LimitBreach => $"{Count(alert.Value)} requests refused within ten minutes at most, {Count(alert.Latest)} at last; raised from {Count(alert.Threshold)}",
            GatewaySlow => $"The slowest hundredth waits {Milliseconds(alert.Value)} for the gateway at most, {Milliseconds(alert.Latest)} at last; raised from {Milliseconds(alert.Threshold)}",
            StoreMemory or JournalDepth => $"{Share(alert.Latest)} of its room is taken; raised from {Share(alert.Threshold)}",
            _ => $"{alert.Value.ToString("0.##", CultureInfo.InvariantCulture)}; raised from {alert.Threshold.ToString("0.##", CultureInfo.InvariantCulture)}",
        };
    }

    /// <summary>What its numbers were compared with, in a sentence without its end; null = with nothing that was learned.</summary>
    public static string? Baseline(AlertRow alert)
    {
        ArgumentNullException.ThrowIfNull(alert);
        return alert.Learned switch
        {
            "seasonal" => $"Compared with {alert.Samples} hours of the same time of the week",
            "recent" => $"Compared with its last {alert.Samples} hours: it is younger than two weeks",
            _ => null,
        };
    }

    /// <summary>Where one looks further; null = outside of the portal.</summary>
    public static string? Href(AlertRow alert)
    {
        ArgumentNullException.ThrowIfNull(alert);
        var (kind, id) = Scope(alert);
        return alert.Kind switch
        {
            GuardrailRise => $"requests?guardrail={Uri.EscapeDataString(alert.Subject)}&range=24h",
            CostSpike => $"requests?{kind}={Uri.EscapeDataString(id)}&range=1h",
            ProviderErrors or ProviderRateLimits or GatewaySlow => "reliability",
            LimitBreach => "requests?status=refused&range=1h",
            _ => null,
        };
    }

    /// <summary>The section of the runbooks that says what to do.</summary>
    public static string Runbook(string kind) => kind switch
    {
        GuardrailRise => "PersonalDataSpike",
        CostSpike => "CostRateSpike",
        ProviderErrors => "ProviderFailing",
        ProviderRateLimits => "ProviderRateLimits",
        LimitBreach => "LimitBreached",
        GatewaySlow => "GatewaySlow",
        StoreMemory => "StoreMemoryFull",
        _ => "JournalFull",
    };

    private static string Whose(AlertRow alert)
    {
        var (kind, id) = Scope(alert);
        return ScopeWords.Within(kind, id.Length == 0 ? null : id, alert.SubjectName ?? (id.Length == 0 ? null : id));
    }

    private static (string Kind, string Id) Scope(AlertRow alert) =>
        alert.Subject.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon ? (alert.Subject[..colon], alert.Subject[(colon + 1)..]) : (alert.Subject, "");

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private static string Count(double value) => Quantity.Exact((long)value);

    private static string Usd(double value) => Money.Text((long)(value * 1e9));

    private static string Share(double value) => value.ToString("0.# %", CultureInfo.InvariantCulture);

    private static string Milliseconds(double value) => $"{value.ToString("0", CultureInfo.InvariantCulture)} ms";
}
