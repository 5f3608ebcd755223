using AspireGateway.Gateway.Guardrails.Detection;

namespace AspireGateway.Gateway.Guardrails.Secrets;

/// <summary>
/// What is assigned to a name that holds a word such as password or token, in source code, settings, JSON, command lines and plain sentences; and random rows of characters
/// a few words behind such a word.
/// </summary>
internal static class AssignmentRecogniser
{
    private const int LongestName = 48, LongestTail = 24, NearbyLength = 72, LeastNearby = 20;

    /// <summary>Reports the secret that the name around this place has.</summary>
    /// <returns>The place from which the search goes on.</returns>
    public static int Find(ReadOnlySpan<char> text, int at, FindingList findings)
    {
        var kind = SecretNames.KindAt(text, at, out var length);
        var end = at + length;
        if (text[end - 1] is '=' or ':') end--;
        var start = at;
        while (start > 0 && at - start < LongestName && IsName(text[start - 1])) start--;
        if (!IsWhole(text, at, end, kind)) return end;
        var tail = end;
        while (tail < text.Length && tail - end < LongestTail && IsName(text[tail])) tail++;
        if (tail > end && text[tail - 1] is '.') tail--;
        var name = text[start..tail];
        if (SecretNames.IsOther(name)) return tail;

        var value = new AssignedValue();
        if (value.Read(text, start, tail) && SecretJudgement.Score(name, value, text, kind) is > 0 and var score)
        {
            findings.Add(new(SecretJudgement.TypeOf(text, name, value, kind), value.Start, value.Length, score));
            return value.Start + value.Length;
        }
        if (kind == SecretNameKind.Password) return Next(text, tail, findings);
        return Nearby(text, tail, kind, findings);
    }

    // "login me password X", as in .netrc: the next word, when it has digits and both cases.
    private static int Next(ReadOnlySpan<char> text, int from, FindingList findings)
    {
        if (from >= text.Length || text[from] != ' ') return from;
        var end = from + 1;
        while (end < text.Length && end - from < LongestName && !char.IsWhiteSpace(text[end]) && text[end] is not ('"' or '\'' or ',' or '<')) end++;
        var word = text[(from + 1)..end];
        if (word.Length < 8 || Placeholders.IsOne(word) || SecretValue.Classes(word) is not { Digits: > 0, Upper: > 0, Lower: > 0 } || word.ContainsAny('(', '.', ':')) return from;
        findings.Add(new(SecretTypes.Password, from + 1, word.Length, 0.65));
        return end;
    }

    // A random row of characters among the next words of the line.
    private static int Nearby(ReadOnlySpan<char> text, int from, SecretNameKind kind, FindingList findings)
    {
        var stop = Math.Min(text.Length, from + NearbyLength);
        var line = text[from..stop].IndexOfAny('\n', '{');
        if (line >= 0) stop = from + line;
        var at = from;
        while (at < stop)
        {
            while (at < stop && !IsValue(text[at])) at++;
            var start = at;
            while (at < text.Length && at - start < 256 && IsValue(text[at])) at++;
            while (at > start && text[at - 1] is '.' or '=') at--;
            var word = text[start..at];
            if (word.Length == 0) break;
            if (word.Length >= LeastNearby && !word.Contains('/') && !word.Contains('.') && SecretJudgement.IsKeyLike(text, start, word, kind))
            {
                findings.Add(new(SecretJudgement.VendorType(text, start) ?? SecretTypes.GenericSecret, start, word.Length, 0.7));
                return at;
            }
            at++;
        }
        return from;
    }

    // "key" is a word of its own, not the end of monkey or the beginning of keyboard.
    private static bool IsWhole(ReadOnlySpan<char> text, int at, int end, SecretNameKind kind)
    {
        if (kind == SecretNameKind.WeakKey || end - at <= 4)
        {
            if (at > 0 && char.IsLetter(text[at - 1]) && !(char.IsUpper(text[at]) && char.IsLower(text[at - 1]))) return false;
            if (end < text.Length && char.IsLetter(text[end]) && !(char.IsUpper(text[end]) && char.IsLower(text[end - 1]))) return text[end] is 's' && end + 1 < text.Length && !char.IsLetter(text[end + 1]);
        }
        return true;
    }

    private static bool IsName(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.';

    private static bool IsValue(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or '+' or '/' or '=' or '~';
}
