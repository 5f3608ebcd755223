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

    /// <summary>Type of the finding for one in a reply that was never given out.</summary>
    public const string Unknown = "PLACEHOLDER_UNKNOWN";

    // Most requests have nothing to mask.
    private Dictionary<(string Type, string Value), string>? byValue;
    private Dictionary<string, string>? byPlaceholder;
    private Dictionary<string, int>? numbers;
    private Dictionary<string, string>? guardrails;

    /// <summary>Whether nothing was masked that is to be restored.</summary>
    public bool IsEmpty => byPlaceholder is null;

    /// <summary>Whether anything was masked, be it to be restored or not.</summary>
    public bool HasAny => byValue is not null;

    /// <summary>Every value that was masked, with its placeholder.</summary>
    public IEnumerable<(string Value, string Placeholder)> All => byValue is null ? [] : byValue.Select(static pair => (pair.Key.Value, pair.Value));

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

    /// <summary>Notes whose findings of a type are masked.</summary>
    public void Note(string type, string guardrail) => (guardrails ??= new(StringComparer.Ordinal)).TryAdd(type, guardrail);

    /// <summary>Whether what begins so may become a placeholder of a type that was given out.</summary>
    /// <param name="begun">Upper case, words joined by underscores, without brackets.</param>
    public bool MayBegin(ReadOnlySpan<char> begun)
    {
        if (numbers is null) return false;
        foreach (var type in numbers.Keys)
            if (type.AsSpan().StartsWith(begun) || begun.StartsWith(type) && begun[type.Length..].TrimStart('_').IndexOfAnyExceptInRange('0', '9') < 0) return true;
        return false;
    }

    /// <summary>Whose placeholder this would be, had it been given out; null = it was, or is none.</summary>
    public string? GuardrailOfUnknown(ReadOnlySpan<char> placeholder)
    {
        var name = placeholder[1..^1];
        var mark = name.LastIndexOf('_');
        if (mark <= 0 || numbers is null || !int.TryParse(name[(mark + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return null;
        var type = name[..mark].ToString();
        return numbers.TryGetValue(type, out var given) && number > given ? guardrails?.GetValueOrDefault(type) : null;
    }
}
