namespace AspireGateway.Portal.Components.Formats;

/// <summary>The colour that a model, team or provider keeps everywhere. Chosen by its name, so no list of all names is needed.</summary>
public static class SeriesColour
{
    private const uint Colours = 8, FnvOffset = 2166136261, FnvPrime = 16777619;

    /// <summary>A CSS variable, one of eight that are legible in both themes.</summary>
    public static string Of(string name)
    {
        var hash = FnvOffset;
        foreach (var c in name) hash = unchecked((hash ^ c) * FnvPrime);
        return $"var(--series-{(hash % Colours) + 1})";
    }
}
