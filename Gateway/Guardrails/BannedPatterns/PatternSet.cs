using System.Text.RegularExpressions;

namespace AspireGateway.Gateway.Guardrails.BannedPatterns;

/// <summary>A tenant's words and patterns, compiled once.</summary>
internal sealed class PatternSet
{
    // Time for one expression over one text. NonBacktracking is linear anyhow; it is the constant that may be large.
    private static readonly TimeSpan PatternTime = TimeSpan.FromMilliseconds(250);

    private static readonly PatternSet Nothing = new([], []);

    private PatternSet(string[] words, Regex[] patterns) => (Words, Patterns) = (words, patterns);

    /// <summary>Words and phrases, found whatever their case where they stand by themselves.</summary>
    public string[] Words { get; }

    /// <summary>Regular expressions.</summary>
    public Regex[] Patterns { get; }

    /// <summary>From a rule. An expression that this version of .NET does not know is left out here: the portal has refused it when it was set.</summary>
    public static PatternSet Of(string[]? words, string[]? patterns)
    {
        if (words is not { Length: > 0 } && patterns is not { Length: > 0 }) return Nothing;
        var compiled = new List<Regex>();
        foreach (var pattern in patterns ?? [])
            if (TryCompile(pattern) is { } regex) compiled.Add(regex);
        return new([.. (words ?? []).Where(word => word.Length > 0)], [.. compiled]);
    }

    private static Regex? TryCompile(string pattern)
    {
        try
        {
            return new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTime);
        }
        catch (Exception fault) when (fault is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }
}
