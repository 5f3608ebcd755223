namespace AspireGateway.Gateway.State;

/// <summary>Keeps one copy of equal strings and lists while many rows are read.</summary>
internal sealed class SharedText
{
    private readonly Dictionary<string, string> texts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string[]> lists = new(StringComparer.Ordinal);

    /// <summary>The one copy of a string.</summary>
    public string One(string text)
    {
        if (texts.TryGetValue(text, out var known)) return known;
        return texts[text] = text;
    }

    /// <summary>The one copy of a list, its order included.</summary>
    public string[] One(string[] list)
    {
        if (list.Length == 0) return [];
        // A zero character cannot be in a text column, so joining loses nothing.
        var joined = string.Join('\0', list);
        if (lists.TryGetValue(joined, out var known)) return known;
        return lists[joined] = list;
    }
}
