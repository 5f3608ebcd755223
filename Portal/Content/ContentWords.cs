using System.Globalization;
using AspireGateway.Portal.Components.Formats;
using AspireGateway.Shared.Domain.Content;

namespace AspireGateway.Portal.Content;

/// <summary>The content store in words.</summary>
public static class ContentWords
{
    /// <summary>What a policy says: "Prompts and replies, masked, 30 days".</summary>
    public static string Of(ContentSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return settings.Keep == ContentKeeps.Off ? "Nothing is kept" : $"{What(settings.Keep)}, {(settings.Text == ContentForms.Sent ? "as sent" : "masked")}, {Days(settings.RetentionDays ?? ContentSettings.DefaultRetentionDays)}";
    }

    /// <summary>What else it says, where that is not as usual; empty = nothing.</summary>
    public static string More(ContentSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (settings.Keep == ContentKeeps.Off) return "";
        var parts = new List<string>();
        if (settings.Sample is { } sample) parts.Add($"{(sample * 100).ToString("0.##", CultureInfo.InvariantCulture)} % of requests");
        if (settings.MaxBytes is { } bytes) parts.Add($"up to {Quantity.Bytes(bytes)} of each");
        if (settings.Required) parts.Add("requests are refused while their texts cannot be kept");
        if (settings.Traces) parts.Add("texts may stand in traces where the operator's switch says so too");
        return parts.Count == 0 ? "" : char.ToUpperInvariant(parts[0][0]) + string.Join("; ", parts)[1..];
    }

    /// <summary>What a policy will do, in whole sentences.</summary>
    /// <param name="whose">Whose requests: "team Commerce".</param>
    /// <param name="settings">The settings.</param>
    public static string Sentence(string whose, ContentSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (settings.Keep == ContentKeeps.Off) return $"Nothing that requests of {whose} say is kept from now on. What is kept already stays until its time is over.";
        var form = settings.Text == ContentForms.Sent
            ? "as callers send and see them, with every name and number that guardrails would mask"
            : "as guardrails leave them; where no guardrail masks, that is as callers send them";
        return $"{What(settings.Keep)} of {whose} are kept encrypted, {form}, for {Days(settings.RetentionDays ?? ContentSettings.DefaultRetentionDays)}. Security reviewers and auditors read them for a reason that stands in the audit.";
    }

    /// <summary>Days as a time.</summary>
    public static string Days(int days) => days switch
    {
        1 => "1 day",
        _ when days % 365 == 0 => days == 365 ? "1 year" : $"{days / 365} years",
        _ => $"{Quantity.Exact(days)} days",
    };

    /// <summary>How a request ended.</summary>
    public static string State(string state) => state switch
    {
        ContentStates.Blocked => "blocked by a guardrail",
        ContentStates.Cancelled => "the caller left before the end",
        ContentStates.Cut => "broke off",
        ContentStates.Failed => "the caller got an error",
        _ => "whole",
    };

    private static string What(string keep) => keep switch { ContentKeeps.Prompts => "Prompts", ContentKeeps.Replies => "Replies", _ => "Prompts and replies" };
}
