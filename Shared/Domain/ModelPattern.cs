namespace AspireGateway.Shared.Domain;

/// <summary>Names of models in allow-lists: exact, or with <c>*</c> for any run of characters (<c>openai/*</c>, <c>*-mini</c>). Case matters.</summary>
public static class ModelPattern
{
    /// <summary>Whether any of the patterns covers the name; an empty list covers everything.</summary>
    public static bool AnyMatches(IReadOnlyList<string> patterns, string name)
    {
        if (patterns.Count == 0) return true;
        for (var i = 0; i < patterns.Count; i++)
            if (Matches(patterns[i], name)) return true;
        return false;
    }

    /// <summary>Whether one pattern covers the name. Linear in practice: a failed match resumes at the last star only.</summary>
    public static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        int p = 0, n = 0, star = -1, resume = 0;
        while (n < name.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                star = p++;
                resume = n;
            }
            else if (p < pattern.Length && pattern[p] == name[n])
            {
                p++;
                n++;
            }
            else if (star >= 0)
            {
                p = star + 1;
                n = ++resume;
            }
            else return false;
        }
        while (p < pattern.Length && pattern[p] == '*') p++;
        return p == pattern.Length;
    }
}
