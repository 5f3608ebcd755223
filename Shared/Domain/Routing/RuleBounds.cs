using System.Text.RegularExpressions;

namespace AspireGateway.Shared.Domain.Routing;

/// <summary>How large rules may be, so that a request's way through them stays short.</summary>
public static class RuleBounds
{
    /// <summary>Rules of an organisation.</summary>
    public const int MaxRules = 200;

    /// <summary>Own tasks of an organisation.</summary>
    public const int MaxTasks = 50;

    /// <summary>Entries of a list.</summary>
    public const int MaxEntries = 50;

    /// <summary>Characters of a word or phrase.</summary>
    public const int MaxWord = 100;

    /// <summary>Characters of a pattern.</summary>
    public const int MaxPattern = 200;

    // Without backtracking the time to match grows with the text times the pattern's states; a text of 32 KB and this many states is a few milliseconds at worst.
    private const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    /// <summary>Compiles a pattern; null = it is too long, no regular expression, one that needs backtracking, or one that repeats too much.</summary>
    public static Regex? Compile(string pattern)
    {
        if (pattern.Length is 0 or > MaxPattern) return null;
        try
        {
            return new Regex(pattern, Options, Regex.InfiniteMatchTimeout);
        }
        catch (Exception fault) when (fault is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }
}
