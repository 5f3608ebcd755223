using System.Text.RegularExpressions;

namespace AspireGateway.Gateway.Routing.Cascades;

/// <summary>How refusals begin in one language. Matched without backtracking, on a text of bounded length.</summary>
internal sealed class RefusalLanguage
{
    // Up to six and three words, whatever they are; longer stretches are another sentence.
    private const string Words = @"(?:[\w'-]+,? ){0,6}", FewWords = @"(?:[\w'-]+,? ){0,3}";

    private readonly Regex apology, denial, laterDenial;

    /// <summary>A language by its patterns.</summary>
    /// <param name="apology">How an apology begins; it alone is no refusal.</param>
    /// <param name="deed">What is not done.</param>
    /// <param name="denial">What a denial says that opens a text.</param>
    /// <param name="laterDenial">What it says after an apology; null = the same, anywhere at a word's beginning.</param>
    public RefusalLanguage(string apology, string deed, string denial, string? laterDenial = null)
    {
        this.apology = Of($"^(?:{apology})");
        this.denial = Of($"^(?:{denial})", deed);
        this.laterDenial = Of(laterDenial ?? $@"\b(?:{denial})", deed);
    }

    /// <summary>Whether a text's opening is a refusal: a denial at once, or behind an apology.</summary>
    public bool Opens(string opening) => denial.IsMatch(opening) || (apology.IsMatch(opening) && laterDenial.IsMatch(opening));

    private static Regex Of(string pattern, string deed = "") => new(
        pattern.Replace("{deed}", deed, StringComparison.Ordinal).Replace("{w}", Words, StringComparison.Ordinal).Replace("{few}", FewWords, StringComparison.Ordinal),
        RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
}
