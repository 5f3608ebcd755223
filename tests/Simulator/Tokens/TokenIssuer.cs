using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace AspireGateway.Simulator.Tokens;

/// <summary>Gives out access tokens and knows which are good. Safe for concurrent use.</summary>
internal sealed class TokenIssuer(TimeProvider clock)
{
    private const int Bytes = 24;
    private readonly ConcurrentDictionary<string, (string Audience, DateTimeOffset Until)> issued = new(StringComparer.Ordinal);

    /// <summary>A new token for an audience.</summary>
    public string Issue(string audience, int seconds)
    {
        var token = $"{audience}-sim-{RandomNumberGenerator.GetHexString(Bytes, lowercase: true)}";
        issued[token] = (audience, clock.GetUtcNow().AddSeconds(seconds));
        return token;
    }

    /// <summary>True for a token of this audience that has not run out.</summary>
    public bool IsGood(string? token, string audience) =>
        token is not null && issued.TryGetValue(token, out var known) && known.Audience == audience && known.Until > clock.GetUtcNow();
}
