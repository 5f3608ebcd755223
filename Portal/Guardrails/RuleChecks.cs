using System.Globalization;
using AspireGateway.Shared.Domain.Guardrails;

namespace AspireGateway.Portal.Guardrails;

/// <summary>Checks one setting of a rule against its annotation.</summary>
internal static class RuleChecks
{
    /// <summary>A value as it is kept: trimmed; null where it is blank.</summary>
    public static object? Plain(object? value) => value switch
    {
        string text => string.IsNullOrWhiteSpace(text) ? null : text.Trim(),
        IReadOnlyList<string> list => Entries(list),
        _ => value,
    };

    /// <summary>What is blank is left out, and what stands twice stands once; null = nothing is left.</summary>
    public static string[]? Entries(IReadOnlyList<string>? values) =>
        values?.Select(v => v?.Trim() ?? "").Where(v => v.Length > 0).Distinct(StringComparer.Ordinal).ToArray() is { Length: > 0 } entries ? entries : null;

    /// <summary>What is wrong with a value, to be said behind its field's name; null = nothing.</summary>
    public static string? Fault(RuleSetting setting, GuardrailDescription guardrail, object value) => value switch
    {
        string text when setting.ChoicesOf(guardrail) is { } choices =>
            choices.Any(c => c.Key == text) ? null : $"is one of {string.Join(", ", choices.Select(c => c.Key))}.",
        string text => Fault(text, setting.Shown.MaxLength, setting.Shown.Lines),
        string[] list => Fault(setting, guardrail, list),
        int or double when Convert.ToDouble(value, CultureInfo.InvariantCulture) is var number && (number < setting.Shown.Min || number > setting.Shown.Max) =>
            string.Create(CultureInfo.InvariantCulture, $"must be between {setting.Shown.Min} and {setting.Shown.Max}."),
        _ => null,
    };

    private static string? Fault(RuleSetting setting, GuardrailDescription guardrail, string[] list)
    {
        if (list.Length > setting.Shown.MaxItems) return string.Create(CultureInfo.InvariantCulture, $"may hold at most {setting.Shown.MaxItems} entries.");
        if (setting.ChoicesOf(guardrail) is { } choices)
            return Array.Find(list, entry => choices.All(c => c.Key != entry)) is null ? null : $"holds only {string.Join(", ", choices.Select(c => c.Key))}.";
        for (var i = 0; i < list.Length; i++)
            if (Fault(list[i], setting.Shown.MaxLength, mayHoldLines: false) is { } fault) return string.Create(CultureInfo.InvariantCulture, $"is wrong in entry {i + 1}: it {fault}");
        return null;
    }

    private static string? Fault(string text, int max, bool mayHoldLines) =>
        text.Length > max ? string.Create(CultureInfo.InvariantCulture, $"may be at most {max} characters long.")
        : text.Any(c => char.IsControl(c) && !(mayHoldLines && (c is '\n' or '\r' or '\t'))) ? "may not hold control characters." : null;
}
