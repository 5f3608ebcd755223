using System.Buffers;
using System.Text;
using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.PassThrough;

/// <summary>
/// A caller's path to a provider, as it came over the wire. The server's own view of a path is decoded and without dot segments, which is another path than the
/// provider would see; so the raw one is read, and whatever two readers could understand differently is refused.
/// </summary>
/// <param name="Provider">The provider's slug.</param>
/// <param name="Path">What stands behind it, beginning with a slash.</param>
/// <param name="Query">The query with its question mark, without credentials; empty = none.</param>
internal sealed record ForwardPath(string Provider, string Path, string Query)
{
    /// <summary>Where these routes begin.</summary>
    public const string Prefix = "/providers/";

    private const int MaxPath = 2048, MaxQuery = 8192;

    // RFC 3986 3.3 without the semicolon, which some servers cut off with what follows.
    private static readonly SearchValues<char> PathCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,=:@/%");
    private static readonly SearchValues<char> QueryCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=:@/?%[]{}|");

    private static readonly string[] Credentials = ["key", "api_key", "api-key", "apikey", "access_token", "token", "x-api-key", "authorization"];

    /// <summary>Reads a request's raw target; null = it is a path that can go on.</summary>
    public static Refusal? Read(string rawTarget, out ForwardPath? path)
    {
        path = null;
        var mark = rawTarget.IndexOf('?', StringComparison.Ordinal);
        var whole = mark < 0 ? rawTarget : rawTarget[..mark];
        var query = mark < 0 ? "" : rawTarget[(mark + 1)..];
        if (!whole.StartsWith(Prefix, StringComparison.Ordinal)) return Bad("it must begin with '/providers/{provider}/'");
        if (whole.Length > MaxPath || query.Length > MaxQuery) return Bad("it is too long");
        if (whole.AsSpan().ContainsAnyExcept(PathCharacters)) return Bad("it holds a character that must not stand in a path");
        if (query.AsSpan().ContainsAnyExcept(QueryCharacters)) return Bad("its query holds a character that must be escaped");
        var slash = whole.IndexOf('/', Prefix.Length);
        if (slash <= Prefix.Length || slash == whole.Length - 1)
            return Refusal.RouteNotFound("Name a provider and a path of its API: /providers/{provider}/{path}.");
        var rest = whole[slash..];
        if (FaultIn(rest) is { } fault) return Bad(fault);
        path = new ForwardPath(whole[Prefix.Length..slash], rest, WithoutCredentials(query));
        return null;
    }

    /// <summary>
    /// The address at the provider: its base URL and the path. A version that ends the one and begins the other, as SDKs would have it, stands there once.
    /// Null when the result is not below the base URL, letter by letter.
    /// </summary>
    public Uri? AddressAt(Uri baseUrl)
    {
        var basePath = baseUrl.AbsolutePath.TrimEnd('/');
        var lastSegment = basePath[(basePath.LastIndexOf('/') + 1)..];
        var path = Path;
        if (lastSegment.Length > 0 && path.StartsWith($"/{lastSegment}/", StringComparison.Ordinal)) path = path[(lastSegment.Length + 1)..];
        var origin = baseUrl.GetLeftPart(UriPartial.Authority);
        if (!Uri.TryCreate(origin + basePath + path + Query, UriKind.Absolute, out var address)) return null;
        var isBelow = address.AbsolutePath == basePath + path && address.GetLeftPart(UriPartial.Authority) == origin && address.UserInfo.Length == 0 && address.Fragment.Length == 0;
        return isBelow ? address : null;
    }

    private static string? FaultIn(string path)
    {
        var segments = path[1..].Split('/');
        for (var i = 0; i < segments.Length; i++)
        {
            if (segments[i] is "." or "..") return "it holds a dot segment";
            if (segments[i].Length == 0 && i < segments.Length - 1) return "it holds an empty segment";
        }
        for (var at = path.IndexOf('%', StringComparison.Ordinal); at >= 0; at = path.IndexOf('%', at + 1))
        {
            if (at + 2 >= path.Length || !char.IsAsciiHexDigit(path[at + 1]) || !char.IsAsciiHexDigit(path[at + 2])) return "it holds a broken escape";
            var character = (char)((Convert.FromHexString(path.AsSpan(at + 1, 2)))[0]);
            if (character is <= ' ' or >= '\u007f' or '/' or '\\' or '.' or '%' or '?' or '#' or ';') return "it holds an escape that could be read as another path";
        }
        return null;
    }

    // A key in the query is the caller's, or an attempt to use another one than the gateway's.
    private static string WithoutCredentials(string query)
    {
        if (query.Length == 0) return "";
        var kept = new StringBuilder(query.Length + 1);
        foreach (var pair in query.Split('&'))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            var name = Uri.UnescapeDataString((equals < 0 ? pair : pair[..equals]).Replace('+', ' ')).Trim();
            if (Array.Exists(Credentials, credential => credential.Equals(name, StringComparison.OrdinalIgnoreCase))) continue;
            kept.Append(kept.Length == 0 ? '?' : '&').Append(pair);
        }
        return kept.ToString();
    }

    private static Refusal Bad(string why) => Refusal.InvalidRequest($"This path cannot be passed on: {why}.", "path");
}
