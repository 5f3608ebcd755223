using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Portal.Configuration;

/// <summary>Collects what is wrong with a request, so that the caller hears of every fault at once.</summary>
public sealed partial class FieldChecks
{
    /// <summary>Longest name, in characters.</summary>
    public const int MaxName = 100;

    /// <summary>Longest slug, in characters.</summary>
    public const int MaxSlug = 40;

    /// <summary>Most entries of a list in a request.</summary>
    public const int MaxEntries = 200;

    private readonly List<Fault> faults = [];

    /// <summary>The faults as a failure; null = there is none.</summary>
    public Failure? Failure => faults.Count == 0 ? null : new Failure.Invalid(faults);

    /// <summary>Adds a fault.</summary>
    public void Add(string field, string message) => faults.Add(new(field, message));

    /// <summary>Adds a fault unless the condition holds.</summary>
    public void Must([DoesNotReturnIf(false)] bool holds, string field, string message)
    {
        if (!holds) Add(field, message);
    }

    /// <summary>A text that must be there; trimmed.</summary>
    public string Text(string field, string? value, int max = MaxName)
    {
        var text = value?.Trim() ?? "";
        if (text.Length == 0) Add(field, $"{field} is required.");
        else Bounded(field, text, max);
        return text;
    }

    /// <summary>A text that may be missing; trimmed, blank counts as missing.</summary>
    public string? Optional(string field, string? value, int max = MaxName)
    {
        var text = value?.Trim();
        if (string.IsNullOrEmpty(text)) return null;
        Bounded(field, text, max);
        return text;
    }

    /// <summary>A short name for addresses and metrics: lower case letters, digits and hyphens.</summary>
    public string Slug(string field, string? value)
    {
        var slug = Text(field, value, MaxSlug);
        if (slug.Length > 0 && !SlugShape().IsMatch(slug)) Add(field, $"{field} may hold lower case letters, digits and hyphens, and begins with a letter or digit.");
        return slug;
    }

    /// <summary>A slug made from a name; empty when nothing of it is left.</summary>
    public static string SlugOf(string name)
    {
        var slug = new string([.. name.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')]);
        while (slug.Contains("--", StringComparison.Ordinal)) slug = slug.Replace("--", "-", StringComparison.Ordinal);
        slug = slug.Trim('-');
        return slug.Length > MaxSlug ? slug[..MaxSlug].Trim('-') : slug;
    }

    /// <summary>An IANA time zone; missing = UTC.</summary>
    public string TimeZone(string field, string? value)
    {
        var zone = Optional(field, value) ?? "UTC";
        if (zone != "UTC" && !TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _)) Add(field, $"{field} is an IANA time zone, e.g. Europe/Berlin.");
        return zone;
    }

    /// <summary>A name as it stands in requests for models, deployments and aliases: no blanks, no <c>/</c>, no <c>*</c>.</summary>
    public string ModelName(string field, string? value)
    {
        var name = Text(field, value);
        if (name.Length > 0 && !ModelShape().IsMatch(name)) Add(field, $"{field} may hold letters, digits and . _ : -, and begins with a letter or digit.");
        return name;
    }

    /// <summary>A logical model or <c>provider/model</c>, or nothing.</summary>
    public string? ModelReference(string field, string? value)
    {
        var name = Optional(field, value, 200);
        if (name is not null && name.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c == '*')) Add(field, $"{field} is one model's name, without blanks or *.");
        return name;
    }

    /// <summary>A model reference that these patterns cover, or nothing.</summary>
    public string? AllowedReference(string field, string? value, IReadOnlyList<string> allowed)
    {
        var name = ModelReference(field, value);
        if (name is not null && !ModelPattern.AnyMatches(allowed, name)) Add(field, $"{field} is not among the allowed models.");
        return name;
    }

    /// <summary>Model patterns; duplicates fold.</summary>
    public string[] Patterns(string field, IReadOnlyList<string>? values)
    {
        var patterns = (values ?? []).Select(v => v?.Trim() ?? "").Distinct(StringComparer.Ordinal).ToArray();
        if (patterns.Length > MaxEntries) Add(field, $"{field} may hold at most {MaxEntries} entries.");
        foreach (var pattern in patterns)
            if (pattern.Length is 0 or > 200 || pattern.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)))
            {
                Add(field, $"{field} holds names of models such as gpt-4o-mini or openai/*, each 1 to 200 characters without blanks.");
                break;
            }
        return patterns;
    }

    /// <summary>Region patterns such as <c>eu-*</c>, in lower case; duplicates fold.</summary>
    public string[] Regions(string field, IReadOnlyList<string>? values)
    {
        var regions = (values ?? []).Select(v => v?.Trim().ToLowerInvariant() ?? "").Distinct(StringComparer.Ordinal).ToArray();
        if (regions.Length > MaxEntries) Add(field, $"{field} may hold at most {MaxEntries} entries.");
        if (!Array.TrueForAll(regions, RegionShape().IsMatch)) Add(field, $"{field} holds regions such as eu-central-1 or eu-*: letters, digits, hyphens and *, each at most 40 characters.");
        return regions;
    }

    /// <summary>A number that may be missing.</summary>
    public void Range(string field, long? value, long min, long max)
    {
        if (value is { } number && (number < min || number > max)) Add(field, $"{field} must be between {min} and {max}.");
    }

    /// <summary>An amount of money that may be missing, in dollars (<c>{field}_usd</c>) or nano-USD (<c>{field}_nano_usd</c>); both only when they say the same.</summary>
    /// <returns>Nano-USD.</returns>
    public long? Money(string field, UsdAmount? dollars, long? nanoUsd, long min, long max)
    {
        var (usdField, nanoField) = ($"{field}_usd", $"{field}_nano_usd");
        if (dollars is { NanoUsd: null })
        {
            Add(usdField, $"{usdField} is an amount in dollars with at most nine decimals, e.g. 12.50.");
            return null;
        }
        if (dollars is { } both && nanoUsd is { } other && both.NanoUsd != other) Add(usdField, $"{usdField} and {nanoField} say different amounts. Send one of them.");
        var amount = dollars?.NanoUsd ?? nanoUsd;
        if (amount < min || amount > max)
            Add(dollars is null ? nanoField : usdField, $"{field} must be between {UsdAmount.Text(min)} and {UsdAmount.Text(max)} dollars.");
        return amount;
    }

    /// <summary>One of some words; missing = <paramref name="otherwise"/>.</summary>
    public string Choice(string field, string? value, IReadOnlyList<string> words, string? otherwise = null)
    {
        var word = string.IsNullOrWhiteSpace(value) ? otherwise : value.Trim();
        if (word is null || !words.Contains(word, StringComparer.Ordinal)) Add(field, $"{field} is one of {string.Join(", ", words)}.");
        return word ?? "";
    }

    private void Bounded(string field, string text, int max)
    {
        if (text.Length > max) Add(field, $"{field} may be at most {max} characters long.");
        else if (text.Any(char.IsControl)) Add(field, $"{field} may not hold control characters.");
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9-]*$", RegexOptions.NonBacktracking)]
    private static partial Regex SlugShape();

    [GeneratedRegex("^[a-z0-9*][a-z0-9*-]{0,39}$", RegexOptions.NonBacktracking)]
    private static partial Regex RegionShape();

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._:-]*$", RegexOptions.NonBacktracking)]
    private static partial Regex ModelShape();
}
