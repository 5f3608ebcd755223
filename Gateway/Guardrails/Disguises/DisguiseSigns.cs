using System.Buffers;
using System.Text;
using AspireGateway.Gateway.Guardrails.Injection.Normalisation;

namespace AspireGateway.Gateway.Guardrails.Disguises;

/// <summary>Tells in one fast pass whether a text holds anything that <see cref="PlainText"/> would write otherwise.</summary>
internal static class DisguiseSigns
{
    // Fewest characters that stand alone, one blank between each, to be a word in spaced letters or a number in spaced digits.
    private const int FewestSpaced = 9;

    private static readonly SearchValues<char> Signs = SearchValues.Create(AllSigns());

    /// <summary>Whether there is any.</summary>
    public static bool AreIn(ReadOnlySpan<char> text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            var skip = text[at..].IndexOfAny(Signs);
            if (skip < 0) break;
            at += skip;
            if (IsSign(text, at)) return true;
        }
        return HasSpacedCharacters(text);
    }

    /// <summary>How many characters from a place on stand alone with one blank between each; 0 = too few to be spaced letters.</summary>
    public static int SpacedFrom(ReadOnlySpan<char> text, int at)
    {
        if (at > 0 && text[at - 1] is not (' ' or '\n' or '\t' or '"' or '(' or ':')) return 0;
        var count = 0;
        for (var i = at; i < text.Length && !char.IsWhiteSpace(text[i]); i += 2)
        {
            count++;
            if (i + 1 >= text.Length || text[i + 1] != ' ')
            {
                // The last one may be followed by a sign, not by the rest of a word.
                if (i + 1 < text.Length && char.IsLetterOrDigit(text[i + 1])) count--;
                break;
            }
        }
        return count >= FewestSpaced ? count : 0;
    }

    /// <summary>Whether an at sign stands between blanks and before the name of a host.</summary>
    public static bool IsSpacedAt(ReadOnlySpan<char> text, int at)
    {
        if (at < 2 || text[at - 1] != ' ' || !char.IsLetterOrDigit(text[at - 2]) || at + 3 >= text.Length || text[at + 1] != ' ' || !char.IsLetterOrDigit(text[at + 2])) return false;
        var end = at + 2;
        var dot = -1;
        for (; end < text.Length && (char.IsLetterOrDigit(text[end]) || text[end] is '-' or '.'); end++)
            if (text[end] == '.' && end + 1 < text.Length && char.IsLetter(text[end + 1])) dot = end;
        return dot > 0 && end - dot > 2;
    }

    /// <summary>Whether a letter that looks Latin stands in a word or number of ASCII.</summary>
    public static bool IsLookalike(ReadOnlySpan<char> text, int at) =>
        CharacterFold.Latin(char.ToLowerInvariant(text[at])) is >= 'a' and <= 'z'
        && ((at > 0 && char.IsAsciiLetterOrDigit(text[at - 1])) || (at + 1 < text.Length && char.IsAsciiLetterOrDigit(text[at + 1])));

    private static bool IsSign(ReadOnlySpan<char> text, int at)
    {
        var c = text[at];
        if (c is '%' or '&' or '\\') return Escape.Read(text[at..], out var length) is var read && length > 1 && IsHiding(text, at, length, read);
        if (c is '(' or '[' or '{') return Escape.ReadWord(text[at..], out _) != '\0';
        if (c == '@') return IsSpacedAt(text, at);
        if (c is >= '\u0370' and < '\u0530') return IsLookalike(text, at);
        // Between other characters they join emoji and mark where words may break.
        return !CharacterFold.IsInvisible(c) || (IsOfAWord(text, at, -1) && IsOfAWord(text, at, 1));
    }

    // \n before a blank hides nothing.
    private static bool IsHiding(ReadOnlySpan<char> text, int at, int length, char read) =>
        !char.IsWhiteSpace(read) || (at + length < text.Length && (char.IsLetterOrDigit(text[at + length]) || text[at + length] == '\\'));

    private static bool IsOfAWord(ReadOnlySpan<char> text, int at, int step)
    {
        do at += step;
        while ((uint)at < (uint)text.Length && CharacterFold.IsInvisible(text[at]));
        return (uint)at < (uint)text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] is '@' or '.' or '-' or '_' or ' ' or '+');
    }

    private static bool HasSpacedCharacters(ReadOnlySpan<char> text)
    {
        var (last, count) = (-2, 0);
        for (var at = 0; at < text.Length; at++)
        {
            var skip = text[at..].IndexOf(' ');
            if (skip < 0) return false;
            at += skip;
            count = at - last == 2 ? count + 1 : 0;
            if (count >= FewestSpaced - 2) return true;
            last = at;
        }
        return false;
    }

    private static string AllSigns()
    {
        var signs = new StringBuilder("%&\\([{@\uD835\uFE6B\uFE52\u2024");
        for (var c = '\0'; c < char.MaxValue; c++)
        {
            var isWide = c is >= '\uFF01' and <= '\uFF5E';
            var isDigit = c > 127 && char.IsDigit(c) && !isWide;
            var isBlank = c is (>= '\u2000' and <= '\u200A') or '\u205F' or '\u3000';
            var isLookalike = c is >= '\u0370' and < '\u0530' && CharacterFold.Latin(char.ToLowerInvariant(c)) is >= 'a' and <= 'z';
            if (isWide || isDigit || isBlank || isLookalike || CharacterFold.IsInvisible(c)) signs.Append(c);
        }
        return signs.ToString();
    }
}
