namespace AspireGateway.Portal.Benchmarks.Runs;

/// <summary>Texts of others on their way into the database.</summary>
internal static class BenchmarkText
{
    /// <summary>At most so many characters, as Postgres takes them: no half of a surrogate pair at the end, and no NUL.</summary>
    public static string Cut(string text, int max)
    {
        if (text.Length > max) text = text[..(char.IsHighSurrogate(text[max - 1]) ? max - 1 : max)];
        return text.Replace('\0', '\uFFFD');
    }
}
