namespace AspireGateway.Shared.Checks;

/// <summary>Places of a text that others count in code points, as Python does.</summary>
internal static class CodePoints
{
    /// <summary>Turns places, in ascending order, into those of UTF-16 units.</summary>
    /// <param name="text">The text.</param>
    /// <param name="ascending">At least one place.</param>
    /// <returns>False when one is outside of the text.</returns>
    public static bool TryConvert(string text, Span<int> ascending)
    {
        if (!text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF')) return ascending[^1] <= text.Length;
        var (units, points) = (0, 0);
        foreach (ref var place in ascending)
        {
            while (points < place && units < text.Length)
            {
                units += char.IsHighSurrogate(text[units]) && units + 1 < text.Length && char.IsLowSurrogate(text[units + 1]) ? 2 : 1;
                points++;
            }
            if (points != place) return false;
            place = units;
        }
        return true;
    }
}
