using System.Buffers;
using AspireGateway.Gateway.Guardrails.Detection;

namespace AspireGateway.Gateway.Guardrails.Secrets;

/// <summary>JSON Web Tokens (RFC 7519) with a signature: three parts of base64url with dots, or the five of an encrypted one.</summary>
internal static class JwtRecogniser
{
    /// <summary>What the header begins with: base64 of an opening brace and a quotation mark.</summary>
    public const string Mark = "eyJ";

    private const int Longest = 8192, LeastHeader = 12, LeastClaims = 8, LeastSignature = 20;

    private static readonly SearchValues<char> UrlSafe = SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_=");

    /// <summary>Reports the token that begins here.</summary>
    /// <returns>The place after it, or after what was read as one and is none.</returns>
    public static int Find(ReadOnlySpan<char> text, int at, FindingList findings)
    {
        if (at > 0 && (char.IsAsciiLetterOrDigit(text[at - 1]) || text[at - 1] is '_' or '-')) return at;
        var header = Part(text, at);
        var end = at + header;
        if (header < LeastHeader || !IsDot(text, end)) return end;
        var claims = Part(text, end + 1);
        if (claims < LeastClaims || !IsDot(text, end + 1 + claims)) return end;
        end += 1 + claims;
        var signature = Part(text, end + 1);
        if (signature < LeastSignature || Placeholders.IsOne(text.Slice(end + 1, signature))) return end;
        end += 1 + signature;
        while (IsDot(text, end) && Part(text, end + 1) is >= LeastSignature and var more) end += 1 + more;
        findings.Add(new(SecretTypes.Jwt, at, end - at, 0.98));
        return end;
    }

    private static bool IsDot(ReadOnlySpan<char> text, int at) => at < text.Length && text[at] == '.';

    private static int Part(ReadOnlySpan<char> text, int at)
    {
        var rest = text[Math.Min(at, text.Length)..Math.Min(text.Length, at + Longest)];
        var length = rest.IndexOfAnyExcept(UrlSafe);
        return length < 0 ? rest.Length : length;
    }
}
