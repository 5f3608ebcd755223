using AspireGateway.Gateway.Guardrails.Detection;

namespace AspireGateway.Gateway.Guardrails.Secrets;

/// <summary>Tokens that are told by something in their middle: Telegram's, Discord's, Terraform's and the client secrets of Microsoft Entra.</summary>
internal static class InnerMarkRecogniser
{
    private const int Longest = 100;

    /// <summary>What they hold.</summary>
    public static readonly string[] Marks = [":AA", ".G", ".X", ".Y", ".Z", "Q~", ".atlasv1."];

    /// <summary>Reports the token around the mark that stands here.</summary>
    public static void Find(ReadOnlySpan<char> text, int at, FindingList findings)
    {
        switch (text[at])
        {
            case ':':
                Report(text, at - Left(text, at, digitsOnly: true), at + 1, 8, 10, 35, 35, SecretTypes.TelegramToken, at, findings);
                break;
            case 'Q' when at >= 4 && char.IsAsciiDigit(text[at - 1]):
                AzureSecret(text, at, findings);
                break;
            case '.' when text[at..].StartsWith(".atlasv1."):
                Report(text, at - Left(text, at, digitsOnly: false), at + 9, 14, 14, 60, 70, SecretTypes.PlatformToken, at, findings);
                break;
            case '.':
                Discord(text, at, findings);
                break;
        }
    }

    private static void Report(ReadOnlySpan<char> text, int start, int bodyStart, int leastLeft, int mostLeft, int leastRight, int mostRight, string type, int mark, FindingList findings)
    {
        var right = Right(text, bodyStart);
        if (mark - start < leastLeft || mark - start > mostLeft || right < leastRight || right > mostRight) return;
        if (start > 0 && char.IsAsciiLetterOrDigit(text[start - 1]) && !text[..start].EndsWith("/bot")) return;
        if (!SecretValue.LooksRandom(text.Slice(bodyStart, right), 16) || Placeholders.IsOne(text.Slice(bodyStart, right))) return;
        findings.Add(new(type, start, bodyStart + right - start, 0.95));
    }

    // Base64 of the account, six characters of the time, and the signature.
    private static void Discord(ReadOnlySpan<char> text, int at, FindingList findings)
    {
        var left = Left(text, at, digitsOnly: false);
        if (left is < 23 or > 28 || text[at - left] is not ('M' or 'N' or 'O') || Right(text, at + 1) != 6 || at + 7 >= text.Length || text[at + 7] != '.') return;
        var right = Right(text, at + 8);
        if (right is < 27 or > 38 || !SecretValue.LooksRandom(text.Slice(at + 8, right), 27) || Placeholders.IsOne(text.Slice(at - left, left + 8 + right))) return;
        findings.Add(new(SecretTypes.DiscordToken, at - left, left + 8 + right, 0.95));
    }

    private static void AzureSecret(ReadOnlySpan<char> text, int at, FindingList findings)
    {
        var start = at - 4;
        if (start > 0 && char.IsAsciiLetterOrDigit(text[start - 1])) return;
        var end = at + 2;
        while (end < text.Length && end - at < Longest && (char.IsAsciiLetterOrDigit(text[end]) || text[end] is '_' or '~' or '.' or '-')) end++;
        while (end > at && text[end - 1] == '.') end--;
        if (end - at - 2 is < 30 or > 36 || Placeholders.IsOne(text[start..end])) return;
        findings.Add(new(SecretTypes.AzureClientSecret, start, end - start, 0.95));
    }

    private static int Left(ReadOnlySpan<char> text, int at, bool digitsOnly)
    {
        var length = 0;
        while (length < at && length < Longest && (digitsOnly ? char.IsAsciiDigit(text[at - length - 1]) : IsUrlSafe(text[at - length - 1]))) length++;
        return length;
    }

    private static int Right(ReadOnlySpan<char> text, int at)
    {
        var length = 0;
        while (at + length < text.Length && length < Longest && IsUrlSafe(text[at + length])) length++;
        return length;
    }

    private static bool IsUrlSafe(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '-';
}
