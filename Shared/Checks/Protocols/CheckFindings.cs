using System.Text.Json;

namespace AspireGateway.Shared.Checks.Protocols;

/// <summary>Reads findings whose places are counted in code points.</summary>
internal static class CheckFindings
{
    // More than a person would read; what says more is no help, and fills memory.
    private const int Most = 500;

    /// <summary>The findings; null = they are none.</summary>
    /// <param name="list">The list.</param>
    /// <param name="text">The text that they are of.</param>
    /// <param name="typeField">The field that holds the type.</param>
    /// <param name="typeOf">The gateway's name of a type.</param>
    /// <param name="hasPlaces">Whether each of them has a place.</param>
    public static CheckFinding[]? Read(JsonElement list, string text, string typeField, Func<string?, string> typeOf, out bool hasPlaces)
    {
        hasPlaces = true;
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() > Most) return null;
        var findings = new List<CheckFinding>(list.GetArrayLength());
        Span<int> places = stackalloc int[2];
        foreach (var item in list.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Object || !item.TryGetProperty(typeField, out var type) || type.ValueKind != JsonValueKind.String) return null;
            var (start, end) = (PlaceOf(item, "start"), PlaceOf(item, "end"));
            if (start is null && end is null)
            {
                hasPlaces = false;
                findings.Add(new(typeOf(type.GetString()), 0, text.Length, ScoreOf(item)));
                continue;
            }
            if (start is not { } from || end is not { } to || to <= from) return null;
            (places[0], places[1]) = (from, to);
            if (!CodePoints.TryConvert(text, places)) return null;
            findings.Add(new(typeOf(type.GetString()), places[0], places[1] - places[0], ScoreOf(item)));
        }
        return [.. findings];
    }

    private static int? PlaceOf(JsonElement item, string field) =>
        item.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var place) && place >= 0 ? place : null;

    private static double ScoreOf(JsonElement item) =>
        item.TryGetProperty("score"u8, out var value) && value.ValueKind == JsonValueKind.Number ? Math.Clamp(value.GetDouble(), 0, 1) : 1;
}
