using System.Text;

namespace AspireGateway.Portal.Benchmarks.Metrics;

/// <summary>
/// Exact match after normalisation: lower case (invariant), every run of white space one blank, and no white space, quotation marks, backticks, asterisks or <c>. , ; : ! ?</c> at either end.
/// Digits, signs and everything inside stay, so "-4" is not "4" and "4.0" is not "4". Articles stay too, unlike in SQuAD's script, and Unicode is not normalised: a letter with a combining
/// accent is not the composed one.
/// </summary>
public static class ExactMatch
{
    private static readonly char[] Ends = [.. " .,;:!?\"'`*“”‘’«»„"];

    /// <summary>1 when the answer is one of those expected, else 0.</summary>
    public static double Score(string answer, IReadOnlyList<string> expected)
    {
        ArgumentNullException.ThrowIfNull(expected);
        var given = Normalise(answer);
        foreach (var one in expected)
            if (string.Equals(given, Normalise(one), StringComparison.Ordinal)) return 1;
        return 0;
    }

    /// <summary>A text as it is compared.</summary>
    public static string Normalise(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var folded = new StringBuilder(text.Length);
        foreach (var character in text)
            if (!char.IsWhiteSpace(character)) folded.Append(char.ToLowerInvariant(character));
            else if (folded.Length > 0 && folded[^1] != ' ') folded.Append(' ');
        return folded.ToString().Trim(Ends);
    }
}
