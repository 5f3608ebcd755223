using System.Globalization;
using System.Text.Json;
using AspireGateway.Portal.Components.Formats;

namespace AspireGateway.Portal.Audit;

/// <summary>A field of a thing before and after a change.</summary>
/// <param name="Field">Where it lies: "Cascade › Judge › Model".</param>
/// <param name="Before">Its value before; null = it had none.</param>
/// <param name="After">Its value after; null = it has none.</param>
public sealed record AuditField(string Field, string? Before, string? After)
{
    /// <summary>Whether the change changed it.</summary>
    public bool IsChanged => !string.Equals(Before, After, StringComparison.Ordinal);
}

/// <summary>Lays two documents side by side, field by field; what is nested becomes a path.</summary>
public static class AuditDiff
{
    private const string Deeper = " › ";

    /// <summary>The fields in the documents' order; those without a value on both sides are left out.</summary>
    /// <param name="change">The change.</param>
    /// <param name="names">Names of ids, so that a reference reads as what it leads to.</param>
    /// <param name="zone">The zone in which moments are written.</param>
    public static IReadOnlyList<AuditField> Of(AuditRow change, IReadOnlyDictionary<Guid, string> names, TimeZoneInfo zone)
    {
        ArgumentNullException.ThrowIfNull(change);
        var (before, after) = (Flat(change.Before, names, zone), Flat(change.After, names, zone));
        return [.. after.Keys.Concat(before.Keys.Where(k => !after.ContainsKey(k)))
            .Select(k => new AuditField(k, before.GetValueOrDefault(k), after.GetValueOrDefault(k))).Where(f => f.Before is not null || f.After is not null)];
    }

    /// <summary>The ids that the documents name.</summary>
    public static IEnumerable<Guid> Ids(AuditRow change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return ((JsonElement?[])[change.Before, change.After]).SelectMany(d => d is { } document ? Texts(document) : [])
            .Select(t => Guid.TryParse(t, out var id) ? id : Guid.Empty).Where(id => id != Guid.Empty).Append(change.TargetId);
    }

    private static IEnumerable<string> Texts(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().SelectMany(f => Texts(f.Value)),
        JsonValueKind.Array => value.EnumerateArray().SelectMany(Texts),
        JsonValueKind.String => [value.GetString()!],
        _ => [],
    };

    private static Dictionary<string, string?> Flat(JsonElement? document, IReadOnlyDictionary<Guid, string> names, TimeZoneInfo zone)
    {
        var fields = new Dictionary<string, string?>(StringComparer.Ordinal);
        if (document is { } value) Add(fields, "", value, names, zone);
        return fields;
    }

    private static void Add(Dictionary<string, string?> fields, string path, JsonElement value, IReadOnlyDictionary<Guid, string> names, TimeZoneInfo zone)
    {
        if (value.ValueKind == JsonValueKind.Object)
        {
            foreach (var field in value.EnumerateObject())
                if (field.Name.Length > 0) Add(fields, path.Length == 0 ? AuditWords.Sentence(field.Name) : path + Deeper + AuditWords.Sentence(field.Name), field.Value, names, zone);
        }
        else if (value.ValueKind == JsonValueKind.Array && value.EnumerateArray().Any(v => v.ValueKind is JsonValueKind.Object or JsonValueKind.Array))
        {
            var number = 0;
            foreach (var item in value.EnumerateArray()) Add(fields, string.Create(CultureInfo.InvariantCulture, $"{path} {++number}"), item, names, zone);
        }
        else fields[path.Length == 0 ? "Value" : path] = Text(value, names, zone);
    }

    private static string? Text(JsonElement value, IReadOnlyDictionary<Guid, string> names, TimeZoneInfo zone)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Null or JsonValueKind.Undefined:
                return null;
            case JsonValueKind.True:
                return "yes";
            case JsonValueKind.False:
                return "no";
            case JsonValueKind.Array:
                return value.GetArrayLength() == 0 ? "none" : string.Join(", ", value.EnumerateArray().Select(v => Text(v, names, zone) ?? "none"));
            case JsonValueKind.String:
                var text = value.GetString()!;
                if (Guid.TryParse(text, out var id) && names.TryGetValue(id, out var name)) return $"{name} ({text[..8]})";
                return text.Length >= 20 && text[10] == 'T' && value.TryGetDateTimeOffset(out var at) ? Moment.Exact(at, zone) : text;
            default:
                return value.GetRawText();
        }
    }
}
