using System.Text.RegularExpressions;
using AspireGateway.Shared.Domain.Guardrails;

namespace AspireGateway.Portal.Guardrails;

/// <summary>A regular expression that gateways run over every text: only what takes linear time is let in.</summary>
internal static class BannedPattern
{
    private static readonly TimeSpan TryTime = TimeSpan.FromMilliseconds(250);

    /// <summary>What is wrong with it, as the end of a sentence; null = nothing.</summary>
    /// <param name="pattern">The expression, in .NET's syntax.</param>
    public static string? Fault(string pattern)
    {
        if (pattern.Length > GuardrailRule.MaxPatternLength) return $"it is longer than {GuardrailRule.MaxPatternLength} characters.";
        try
        {
            var regex = new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, TryTime);
            return regex.IsMatch("") ? "it matches an empty text too. Say what it must hold at least." : null;
        }
        catch (RegexParseException fault)
        {
            return $"{Words(fault.Error)} at character {fault.Offset}.";
        }
        catch (NotSupportedException)
        {
            return "it uses a back reference, look-around or another construct that can take endless time.";
        }
        catch (RegexMatchTimeoutException)
        {
            return "it takes too long.";
        }
    }

    // The parser's names of errors, such as InsufficientClosingParentheses, read as words.
    private static string Words(RegexParseError error) => string.Concat(error.ToString().Select((c, i) => !char.IsUpper(c) ? c.ToString() : i == 0 ? char.ToLowerInvariant(c).ToString() : $" {char.ToLowerInvariant(c)}"));
}
