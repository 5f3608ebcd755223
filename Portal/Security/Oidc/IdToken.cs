using System.Buffers.Text;
using System.Text.Json;

namespace AspireGateway.Portal.Security.Oidc;

/// <summary>
/// Checks an ID token that came straight from the token endpoint (OpenID Connect Core 3.1.3.7). Over TLS from the provider itself its signature need not be checked (point 6); everything else is.
/// </summary>
public static class IdToken
{
    /// <summary>How far the clocks may be apart.</summary>
    public static readonly TimeSpan Skew = TimeSpan.FromMinutes(2);

    /// <summary>The token's claims.</summary>
    /// <param name="token">As the token endpoint gave it.</param>
    /// <param name="issuer">Who must have issued it.</param>
    /// <param name="clientId">For whom it must be.</param>
    /// <param name="nonce">What this sign-in was begun with.</param>
    /// <param name="now">The moment.</param>
    /// <exception cref="OidcFault">It is not a token for this sign-in.</exception>
    public static JsonElement Read(string? token, string issuer, string clientId, string? nonce, DateTimeOffset now)
    {
        if (string.IsNullOrEmpty(token)) throw Fault("there is none");
        var parts = token.Split('.');
        if (parts.Length != 3) throw Fault("it is not a signed token");
        var header = Part(parts[0]);
        // Without a signature nobody could ever check it; it is allowed to clients that ask for it, and this one does not.
        if (Text(header, "alg") is null or "none" || parts[2].Length == 0) throw Fault("it is not signed");
        var claims = Part(parts[1]);
        if (!string.Equals(Text(claims, "iss"), issuer, StringComparison.Ordinal)) throw Fault("it is of another issuer");
        if (!claims.TryGetProperty("aud", out var audience)) throw Fault("it names no audience");
        string?[] audiences = audience.ValueKind == JsonValueKind.Array ? [.. audience.EnumerateArray().Select(a => a.ValueKind == JsonValueKind.String ? a.GetString() : null)] : [Text(claims, "aud")];
        if (!audiences.Contains(clientId, StringComparer.Ordinal)) throw Fault("it is for somebody else");
        var authorised = Text(claims, "azp");
        if (authorised is null ? audiences.Length > 1 : !string.Equals(authorised, clientId, StringComparison.Ordinal)) throw Fault("it was issued to somebody else");
        if (Moment(claims, "exp") is not { } end || end + Skew <= now) throw Fault("it has expired");
        if (Moment(claims, "iat") is not { } issued || issued > now + Skew) throw Fault("it was issued in the future");
        if (Moment(claims, "nbf") is { } begin && begin > now + Skew) throw Fault("it is not valid yet");
        if (string.IsNullOrEmpty(nonce) || !string.Equals(Text(claims, "nonce"), nonce, StringComparison.Ordinal)) throw Fault("it belongs to another sign-in");
        if (string.IsNullOrEmpty(Text(claims, "sub"))) throw Fault("it names nobody");
        return claims;
    }

    /// <summary>A claim that is a text; null = it is missing or something else.</summary>
    public static string? Text(JsonElement claims, string name) => claims.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static DateTimeOffset? Moment(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var seconds) && seconds is > 0 and < 253_402_300_799
            ? DateTimeOffset.FromUnixTimeSeconds((long)seconds) : null;

    private static JsonElement Part(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(Base64Url.DecodeFromChars(text));
            if (document.RootElement.ValueKind != JsonValueKind.Object) throw Fault("it cannot be read");
            return document.RootElement.Clone();
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            throw Fault("it cannot be read");
        }
    }

    private static OidcFault Fault(string why) => new(OidcFault.Refused, $"The ID token was refused: {why}.");
}
