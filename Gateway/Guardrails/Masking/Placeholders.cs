using System.Globalization;

namespace AspireGateway.Gateway.Guardrails.Masking;

/// <summary>
/// What stands for what in one request. The same value gets the same placeholder wherever it stands, numbered by its first appearance: a conversation that
/// is sent again with one more turn gets the same numbers.
/// </summary>
internal sealed class Placeholders
{
    /// <summary>Longest placeholder, in characters.</summary>
    public const int MaxLength = 48;

    // Most requests have nothing to mask.
    private Dictionary<(string Type, string Value), string>? byValue;
    private Dictionary<string, string>? byPlaceholder;
    private Dictionary<string, int>? numbers;

    /// <summary>Whether nothing was masked that is to be restored.</summary>
    public bool IsEmpty => byPlaceholder is null;

    /// <summary>The placeholder of a value.</summary>
    /// <param name="type">What the value is.</param>
    /// <param name="value">The value.</param>
    /// <param name="restores">Whether the reply shall have the value again.</param>
    /// <param name="texts">All texts of the request: a placeholder that the caller wrote is not ours, and must not become somebody's value.</param>
    public string Of(string type, ReadOnlySpan<char> value, bool restores, ReadOnlySpan<char> texts)
    {
        var key = (type, value.ToString());
        byValue ??= [];
        numbers ??= new(StringComparer.Ordinal);
        if (byValue.TryGetValue(key, out var known)) return known;
        string placeholder;
        do
        {
            var number = numbers[type] = numbers.GetValueOrDefault(type) + 1;
            placeholder = string.Create(CultureInfo.InvariantCulture, $"<{type}_{number}>");
        }
        while (texts.Contains(placeholder, StringComparison.Ordinal));
        byValue[key] = placeholder;
        if (restores) (byPlaceholder ??= new(StringComparer.Ordinal))[placeholder] = key.Item2;
        return placeholder;
    }

    /// <summary>What a placeholder stands for; null = it is not one of ours.</summary>
    public string? ValueOf(ReadOnlySpan<char> placeholder) =>
        byPlaceholder is not null && byPlaceholder.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(placeholder, out var value) ? value : null;
}
