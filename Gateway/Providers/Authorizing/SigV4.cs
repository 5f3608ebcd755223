using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace AspireGateway.Gateway.Providers.Authorizing;

/// <summary>A request as it is signed.</summary>
/// <param name="Method">E.g. <c>POST</c>.</param>
/// <param name="Path">The path as it is sent, escaped once.</param>
/// <param name="Query">The query as it is sent, without the question mark.</param>
/// <param name="Headers">The headers to sign, in any order and case.</param>
/// <param name="PayloadHash">SHA-256 of the body in lower-case hexadecimal.</param>
internal readonly record struct SignedRequest(string Method, string Path, string Query, IReadOnlyList<(string Name, string Value)> Headers, string PayloadHash);

/// <summary>
/// Signature Version 4 (AWS, "Create a signed AWS API request"). Pure. The path's segments are escaped once more for the signature than they are sent, as
/// every service but S3 does it.
/// </summary>
internal static class SigV4
{
    /// <summary>The only algorithm here.</summary>
    public const string Algorithm = "AWS4-HMAC-SHA256";

    /// <summary>The moment as <c>x-amz-date</c> writes it, e.g. <c>20150830T123600Z</c>.</summary>
    public static string DateOf(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    /// <summary>SHA-256 in lower-case hexadecimal.</summary>
    public static string HashOf(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, hash);
        return Convert.ToHexStringLower(hash);
    }

    /// <summary>The key that signs for a day, a region and a service.</summary>
    public static byte[] KeyOf(string secret, string day, string region, string service) =>
        Sign(Sign(Sign(Sign(Encoding.UTF8.GetBytes("AWS4" + secret), day), region), service), "aws4_request");

    /// <summary>The value of the Authorization header.</summary>
    /// <param name="request">What is signed.</param>
    /// <param name="accessKeyId">Whose key it is.</param>
    /// <param name="key">From <see cref="KeyOf"/>.</param>
    /// <param name="date">From <see cref="DateOf"/>; the same as in the header <c>x-amz-date</c>.</param>
    /// <param name="region">E.g. <c>us-east-1</c>.</param>
    /// <param name="service">E.g. <c>bedrock</c>.</param>
    public static string AuthorizationOf(in SignedRequest request, string accessKeyId, byte[] key, string date, string region, string service)
    {
        var scope = $"{date[..8]}/{region}/{service}/aws4_request";
        var canonical = CanonicalOf(request, out var signedHeaders);
        var toSign = $"{Algorithm}\n{date}\n{scope}\n{HashOf(Encoding.UTF8.GetBytes(canonical))}";
        return $"{Algorithm} Credential={accessKeyId}/{scope}, SignedHeaders={signedHeaders}, Signature={Convert.ToHexStringLower(Sign(key, toSign))}";
    }

    /// <summary>The request in its canonical form.</summary>
    public static string CanonicalOf(in SignedRequest request, out string signedHeaders)
    {
        var headers = request.Headers.Select(header => (Name: header.Name.ToLowerInvariant(), header.Value))
            .GroupBy(header => header.Name, StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => (Name: group.Key, Value: string.Join(',', group.Select(header => Collapsed(header.Value)))))
            .ToArray();
        signedHeaders = string.Join(';', headers.Select(header => header.Name));
        var canonical = new StringBuilder(512);
        canonical.Append(request.Method).Append('\n');
        foreach (var c in Encoding.UTF8.GetBytes(request.Path.Length == 0 ? "/" : request.Path)) AppendEscaped(canonical, c, keepsSlash: true);
        canonical.Append('\n').Append(CanonicalQuery(request.Query)).Append('\n');
        foreach (var (name, value) in headers) canonical.Append(name).Append(':').Append(value).Append('\n');
        return canonical.Append('\n').Append(signedHeaders).Append('\n').Append(request.PayloadHash).ToString();
    }

    private static string CanonicalQuery(string query)
    {
        if (query.Length == 0) return "";
        var pairs = query.Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split('=', 2))
            .Select(pair => (Name: Escaped(pair[0]), Value: pair.Length > 1 ? Escaped(pair[1]) : ""))
            .OrderBy(pair => pair.Name, StringComparer.Ordinal).ThenBy(pair => pair.Value, StringComparer.Ordinal);
        return string.Join('&', pairs.Select(pair => $"{pair.Name}={pair.Value}"));
    }

    private static string Escaped(string sent)
    {
        var escaped = new StringBuilder(sent.Length);
        foreach (var c in Encoding.UTF8.GetBytes(Uri.UnescapeDataString(sent))) AppendEscaped(escaped, c, keepsSlash: false);
        return escaped.ToString();
    }

    private static void AppendEscaped(StringBuilder text, byte c, bool keepsSlash)
    {
        if (char.IsAsciiLetterOrDigit((char)c) || c is (byte)'-' or (byte)'_' or (byte)'.' or (byte)'~' || (keepsSlash && c == '/')) text.Append((char)c);
        else text.Append('%').Append(c.ToString("X2", CultureInfo.InvariantCulture));
    }

    // Without white space at its ends, and with one space for many inside.
    private static string Collapsed(string value) => string.Join(' ', value.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    private static byte[] Sign(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));
}
