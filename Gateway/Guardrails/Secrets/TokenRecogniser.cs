using System.Buffers;
using AspireGateway.Gateway.Guardrails.Detection;

namespace AspireGateway.Gateway.Guardrails.Secrets;

/// <summary>Tokens that begin with a prefix of their vendor: alphabet and length must fit, and the rest must look random.</summary>
internal static class TokenRecogniser
{
    private const string Digits = "0123456789", UpperLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", LowerLetters = "abcdefghijklmnopqrstuvwxyz";

    // A prefix of so many characters or fewer is also the beginning of words and of other codes.
    private const int ShortPrefix = 3;

    private static readonly SearchValues<char>[] Alphabets =
    [
        SearchValues.Create(Digits + "abcdef"), SearchValues.Create(Digits + "abcdef-"), SearchValues.Create(Digits + UpperLetters), SearchValues.Create(Digits + LowerLetters),
        SearchValues.Create(Digits + UpperLetters + LowerLetters), SearchValues.Create(Digits + UpperLetters + LowerLetters + "-_"), SearchValues.Create(Digits + UpperLetters + LowerLetters + "-_."),
        SearchValues.Create(Digits + UpperLetters + LowerLetters + "-_$"), SearchValues.Create(Digits + UpperLetters + LowerLetters + "-_+/="),
    ];

    private static readonly TokenShape[][] ByFirst = Group();

    /// <summary>Reports the token that begins here.</summary>
    /// <returns>The place after it, or <paramref name="at"/>.</returns>
    public static int Find(ReadOnlySpan<char> text, int at, FindingList findings)
    {
        if (text[at] >= ByFirst.Length || (at > 0 && (char.IsAsciiLetterOrDigit(text[at - 1]) || text[at - 1] is '_' or '/' or '.' && !IsPathStart(text, at)))) return at;
        foreach (var shape in ByFirst[text[at]])
        {
            if (!text[at..].StartsWith(shape.Prefix)) continue;
            var body = text[(at + shape.Prefix.Length)..];
            body = body[..Math.Min(body.Length, shape.Most + 1)];
            var length = body.IndexOfAnyExcept(Alphabets[(int)shape.Alphabet]);
            if (length < 0) length = body.Length;
            // A full stop or a dash behind belongs to the sentence.
            while (length > 0 && body[length - 1] is '.' or '-') length--;
            if (length < shape.Least || length > shape.Most) continue;
            var end = at + shape.Prefix.Length + length;
            if (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] == '_')) continue;
            if (!LooksRandom(body[..length], shape) || Placeholders.IsOne(body[..length])) continue;
            findings.Add(new(shape.Type, at, end - at, 0.98));
            return end;
        }
        return at;
    }

    // An equals sign in an address, or the end of a sentence, may stand before a token; a folder's name may not.
    private static bool IsPathStart(ReadOnlySpan<char> text, int at) => at < 2 || (text[at - 1] == '.' && text[at - 2] is ' ' or '.') || (text[at - 1] == '/' && text[at - 2] == '/');

    private static bool LooksRandom(ReadOnlySpan<char> body, TokenShape shape)
    {
        var (digits, upper, lower) = SecretValue.Classes(body);
        if (SecretValue.DistinctCount(body) < Math.Min(8, body.Length / 3)) return false;
        return shape.Alphabet switch
        {
            TokenAlphabet.Upper => upper > 0 && (digits > 0 || shape.Prefix.Length > ShortPrefix),
            TokenAlphabet.Hex or TokenAlphabet.HexDash or TokenAlphabet.Lower => digits > 0 && lower > 0,
            _ => digits > 0 && upper + lower > 0 && (shape.Prefix.Length > ShortPrefix || (upper > 0 && lower > 0)),
        };
    }

    private static TokenShape[][] Group()
    {
        var groups = new TokenShape[128][];
        for (var first = 0; first < groups.Length; first++) groups[first] = [.. TokenShapes.All.Where(shape => shape.Prefix[0] == first)];
        return groups;
    }
}
