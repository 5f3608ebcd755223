using System.Collections.Frozen;
using System.Net.Http.Headers;

namespace AspireGateway.Gateway.PassThrough;

/// <summary>
/// The headers that pass between a caller and a provider's own API. What is not listed stays here: keys, cookies and addresses of either side, organisations
/// and projects that the bill could be moved to, and <c>accept-encoding</c>, because usage cannot be read in a compressed reply.
/// </summary>
internal static class ForwardHeaders
{
    private const string KeySubprotocol = "openai-insecure-api-key.";

    private static readonly FrozenSet<string> ToProvider = Set(
        "accept", "range", "if-none-match", "idempotency-key", "openai-beta", "anthropic-version", "anthropic-beta", "x-goog-api-client");

    private static readonly string[] ToProviderPrefixes = ["x-amzn-bedrock-"];

    // Of a WebSocket's handshake (RFC 6455); without extensions, so that frames stay plain.
    private static readonly FrozenSet<string> Handshake = Set("sec-websocket-key", "sec-websocket-version");

    private static readonly FrozenSet<string> ToCaller = Set(
        "content-type", "content-encoding", "content-language", "content-range", "accept-ranges", "etag", "last-modified", "cache-control", "retry-after", "retry-after-ms",
        "request-id", "apim-request-id", "x-ms-request-id", "x-ms-region", "x-amzn-requestid", "x-goog-request-id", "openai-processing-ms", "openai-version", "openai-model",
        "x-envoy-upstream-service-time", "sec-websocket-accept", "sec-websocket-protocol");

    private static readonly string[] ToCallerPrefixes = ["x-ratelimit-", "anthropic-ratelimit-", "x-amzn-bedrock-"];

    /// <summary>Copies what a provider may see.</summary>
    public static void CopyToProvider(IHeaderDictionary from, HttpRequestHeaders to, bool isUpgrade)
    {
        foreach (var (name, values) in from)
            if (ToProvider.Contains(name) || HasPrefix(name, ToProviderPrefixes) || (isUpgrade && Handshake.Contains(name))) to.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
        if (!isUpgrade) return;
        // Browsers have no other place for a key than a subprotocol.
        var protocols = from.SecWebSocketProtocol.ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Where(protocol => !protocol.StartsWith(KeySubprotocol, StringComparison.OrdinalIgnoreCase) && !protocol.Contains("agw-", StringComparison.Ordinal));
        if (string.Join(", ", protocols) is { Length: > 0 } kept) to.TryAddWithoutValidation("Sec-WebSocket-Protocol", kept);
    }

    /// <summary>Copies what a caller may see.</summary>
    public static void CopyToCaller(HttpHeaders from, IHeaderDictionary to)
    {
        foreach (var (name, values) in from.NonValidated)
            if (ToCaller.Contains(name) || HasPrefix(name, ToCallerPrefixes)) to[name] = values.ToArray();
    }

    private static bool HasPrefix(string name, string[] prefixes)
    {
        foreach (var prefix in prefixes)
            if (name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }

    private static FrozenSet<string> Set(params string[] names) => names.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
}
