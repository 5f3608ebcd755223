using System.Globalization;

namespace AspireGateway.Gateway.Providers.Gemini;

/// <summary>What a model's name tells of it, e.g. <c>gemini-2.5-flash-lite</c>. Generations differ in how thinking is asked for and in what tool results may hold.</summary>
/// <param name="Major">First number; 0 = the name tells none (<c>gemini-flash-latest</c>, a tuned model).</param>
/// <param name="Minor">Second number.</param>
/// <param name="IsPro">Whether it is of the large kind.</param>
/// <param name="IsFlash">Whether it is of the fast kind.</param>
/// <param name="IsLite">Whether it is of the smallest kind.</param>
/// <param name="IsGemma">Whether it is one of Google's open models.</param>
internal readonly record struct GeminiModelFamily(int Major, int Minor, bool IsPro, bool IsFlash, bool IsLite, bool IsGemma)
{
    /// <summary>Whether it knows thoughts at all (since 2.5; a name without a number is an alias of a current model).</summary>
    public bool Thinks => !IsGemma && (Major == 0 || Major >= 3 || (Major == 2 && Minor >= 5));

    /// <summary>Whether thinking is asked for in levels (since 3) instead of a budget in tokens, which earlier ones insist on and later ones still accept.</summary>
    public bool HasThinkingLevels => Major >= 3;

    /// <summary>Whether it refuses a tool call of the conversation without the proof of the thought behind it.</summary>
    public bool WantsSignatures => Major >= 3;

    /// <summary>Whether results of tools may hold media.</summary>
    public bool TakesMediaInToolResults => Major is 0 or >= 3;

    /// <summary>Reads a model's name.</summary>
    public static GeminiModelFamily Of(string model)
    {
        const string Prefix = "gemini-";
        var (major, minor) = (0, 0);
        if (model.StartsWith(Prefix, StringComparison.Ordinal))
        {
            var version = model.AsSpan(Prefix.Length);
            if (version.IndexOf('-') is >= 0 and var end) version = version[..end];
            var dot = version.IndexOf('.');
            var first = dot < 0 ? version : version[..dot];
            if (int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out major) && dot >= 0)
                _ = int.TryParse(version[(dot + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out minor);
        }
        return new(major, minor, Has("pro"), Has("flash"), Has("lite"), model.StartsWith("gemma", StringComparison.Ordinal));

        bool Has(string word) => model.Contains(word, StringComparison.Ordinal);
    }
}
