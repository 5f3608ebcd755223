using System.Buffers;
using AspireGateway.Gateway.Guardrails.Detection;

namespace AspireGateway.Gateway.Guardrails.Secrets;

/// <summary>Passwords in addresses, <c>scheme://user:password@host</c> (RFC 3986, user information), and keys that stand there alone, as in Sentry's.</summary>
internal static class UrlCredentialRecogniser
{
    /// <summary>What stands between scheme and authority.</summary>
    public const string Mark = "://";

    private const int Longest = 300, LeastKey = 16;

    private static readonly SearchValues<char> Ends = SearchValues.Create(" \t\r\n\"'<>`|\\");

    /// <summary>Reports the password of the address whose mark stands here.</summary>
    public static void Find(ReadOnlySpan<char> text, int at, FindingList findings)
    {
        if (at == 0 || !char.IsAsciiLetterOrDigit(text[at - 1])) return;
        var from = at + Mark.Length;
        var authority = text[from..Math.Min(text.Length, from + Longest)];
        var cut = authority.IndexOfAny(Ends);
        // A password may hold a slash, so the last sign before the host's end decides.
        if (cut >= 0) authority = authority[..cut];
        var sign = authority.IndexOf('@');
        if (sign < 0) return;
        var query = authority.IndexOfAny('?', '#');
        if (query >= 0 && query < sign && authority[..query].IndexOf('/') >= 0) return;
        // A raw at sign in the password: the last one before the path counts.
        var path = authority[sign..].IndexOf('/');
        sign += authority[sign..(path < 0 ? authority.Length : sign + path)].LastIndexOf('@');
        if (sign + 1 >= authority.Length || !(char.IsLetterOrDigit(authority[sign + 1]) || authority[sign + 1] is '[' or '$' or '{')) return;
        var user = authority[..sign];
        var colon = user.IndexOf(':');
        if (user[..(colon < 0 ? user.Length : colon)].Contains('/')) return;
        var value = colon < 0 ? user : user[(colon + 1)..];
        if (value.IsEmpty || Placeholders.IsOne(value) || IsObvious(value)) return;
        if (colon < 0 && (!SecretValue.LooksRandom(value, LeastKey) || SecretValue.IsUuid(value))) return;
        // https://host:8080/@scope is a port.
        if (colon >= 0 && user.Contains('/') && char.IsAsciiDigit(value[0])) return;
        findings.Add(new(SecretTypes.ConnectionString, from + colon + 1, value.Length, 0.9));
    }

    // Names of the place itself, as documentation writes them.
    private static bool IsObvious(ReadOnlySpan<char> value) =>
        value.Equals("password", StringComparison.OrdinalIgnoreCase) || value.Equals("pass", StringComparison.OrdinalIgnoreCase) || value.Equals("passwd", StringComparison.OrdinalIgnoreCase)
        || value.Equals("pwd", StringComparison.OrdinalIgnoreCase) || value.Equals("secret", StringComparison.OrdinalIgnoreCase) || value.Equals("token", StringComparison.OrdinalIgnoreCase) || value[0] is '$' or '%' or '{' or '*';
}
