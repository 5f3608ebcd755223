using AspireGateway.Gateway.Guardrails.Detection;

namespace AspireGateway.Gateway.Guardrails.Secrets;

/// <summary>Private keys in PEM (RFC 7468) and OpenPGP's armour; one whose end is cut off counts as far as its base64 goes.</summary>
internal static class PemRecogniser
{
    /// <summary>What a block begins with.</summary>
    public const string Mark = "-----BEGIN ";

    private const int LongestLabel = 40, LongestBody = 16 * 1024, LeastBody = 40;

    /// <summary>Reports the key that begins here.</summary>
    /// <returns>The place after it, or <paramref name="at"/>.</returns>
    public static int Find(ReadOnlySpan<char> text, int at, FindingList findings)
    {
        var label = text[(at + Mark.Length)..Math.Min(text.Length, at + Mark.Length + LongestLabel)];
        var dashes = label.IndexOf("-----");
        if (dashes < 0 || label[..dashes].IndexOf("PRIVATE KEY") < 0) return at;
        var from = at + Mark.Length + dashes + 5;
        var window = text[from..Math.Min(text.Length, from + LongestBody)];
        var stop = window.IndexOf("-----");
        var body = stop < 0 ? window[..Base64Length(window)] : window[..stop];
        if (CountBase64(body) < LeastBody) return at;
        var end = from + body.Length;
        if (stop >= 0 && window[stop..].StartsWith("-----END "))
        {
            var close = window[(stop + 9)..Math.Min(window.Length, stop + 9 + LongestLabel)].IndexOf("-----");
            if (close >= 0) end = from + stop + 9 + close + 5;
        }
        while (end > from && char.IsWhiteSpace(text[end - 1])) end--;
        findings.Add(new(SecretTypes.PrivateKey, at, end - at, 1));
        return end;
    }

    // Line ends may be escaped, as in JSON.
    private static int Base64Length(ReadOnlySpan<char> window)
    {
        var length = 0;
        while (length < window.Length && (char.IsAsciiLetterOrDigit(window[length]) || window[length] is '+' or '/' or '=' or '\n' or '\r' or '\\' or ' ')) length++;
        return length;
    }

    private static int CountBase64(ReadOnlySpan<char> body)
    {
        var count = 0;
        foreach (var c in body)
        {
            if (char.IsAsciiLetterOrDigit(c) || c is '+' or '/') count++;
            else if (c == '.' && body.IndexOf("...") >= 0) return 0;
            if (count >= LeastBody) break;
        }
        return Placeholders.IsOne(body[..Math.Min(body.Length, 60)].Trim()) ? 0 : count;
    }
}
