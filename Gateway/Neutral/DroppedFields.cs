namespace AspireGateway.Gateway.Neutral;

/// <summary>
/// Names of the caller's fields that a provider cannot be told, e.g. <c>top_k</c>. They go into the header <c>x-gateway-dropped</c>, or refuse the request when
/// the caller is strict. Content is never dropped: a writer that cannot express a part of the conversation refuses.
/// </summary>
internal sealed class DroppedFields
{
    // A header of bounded size: what does not fit is counted.
    private const int MaxShown = 20;

    private List<string>? names;

    /// <summary>How many.</summary>
    public int Count => names?.Count ?? 0;

    /// <summary>The first name; null = none.</summary>
    public string? First => names is [var first, ..] ? first : null;

    /// <summary>Adds a name; the same one counts once.</summary>
    public void Add(string name)
    {
        names ??= [];
        if (!names.Contains(name)) names.Add(name);
    }

    /// <summary>Adds a name if it was said.</summary>
    public void AddIf(bool said, string name)
    {
        if (said) Add(name);
    }

    /// <summary>Forgets all, before another deployment is tried.</summary>
    public void Clear() => names?.Clear();

    /// <summary>The names as they are now.</summary>
    public string[] ToArray() => names is null or [] ? [] : [.. names];

    /// <summary>Puts names in the place of those that are there.</summary>
    public void Set(string[] others)
    {
        Clear();
        foreach (var name in others) Add(name);
    }

    /// <summary>The names, for a header: <c>top_k, seed</c>; characters that a header cannot carry are replaced.</summary>
    public override string ToString()
    {
        if (names is null or []) return "";
        var shown = string.Join(", ", names.Take(MaxShown).Select(Clean));
        return names.Count > MaxShown ? $"{shown}, and {names.Count - MaxShown} more" : shown;
    }

    private static string Clean(string name) =>
        string.Create(Math.Min(name.Length, 100), name, static (target, source) =>
        {
            for (var i = 0; i < target.Length; i++) target[i] = source[i] is > ' ' and < '\u007f' and not ',' ? source[i] : '_';
        });
}
