using System.Security.Cryptography;
using System.Text;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.State;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Gateway.Ingress;

/// <summary>Who asks? Finds the virtual key by its SHA-256 in the snapshot. A store that cannot be read is 503, never 401.</summary>
internal sealed class IdentifyCaller(TimeProvider time) : IDecide
{
    // The portal's clock sets the moment of a revocation; one that runs ahead of ours must not keep a revoked key alive.
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(5);

    private static readonly string[] KeyHeaders = ["x-api-key", "x-goog-api-key", "api-key"];

    private const string HowToSend = "Send it as 'Authorization: Bearer agw-...' or 'x-api-key: agw-...'; keys are issued in the portal under Keys.";

    /// <inheritdoc />
    public ValueTask<Decision> DecideAsync(Exchange exchange)
    {
        var refusal = Identify(exchange.Http.Request.Headers, exchange.Snapshot, out var caller);
        exchange.Caller = caller;
        return refusal is null ? Decision.Continue : Decision.Refuse(refusal);
    }

    /// <summary>Finds the caller; null = found.</summary>
    public Refusal? Identify(IHeaderDictionary headers, ConfigurationSnapshot? snapshot, out Caller? caller)
    {
        caller = null;
        var secret = SecretIn(headers);
        if (secret.IsEmpty) return Refusal.InvalidKey("No API key was sent. " + HowToSend);
        if (snapshot is null)
            return Refusal.StoreUnavailable("The gateway has not been able to load its configuration yet, so no key can be checked. Try again shortly.");
        if (secret.Length > VirtualKeySecret.MaxLength || !secret.StartsWith(VirtualKeySecret.Marker, StringComparison.Ordinal))
            return Refusal.InvalidKey("This is not a key of this gateway: its keys begin with 'agw-'. " + HowToSend);

        Span<byte> utf8 = stackalloc byte[VirtualKeySecret.MaxLength * 3];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(utf8[..Encoding.UTF8.GetBytes(secret, utf8)], hash);
        var key = snapshot.Keys.Find(hash);
        if (key is null)
        {
            return !snapshot.FromDisk
                ? Refusal.InvalidKey("This API key is not known. Check that it was copied whole, or issue a new one in the portal under Keys.")
                : Refusal.StoreUnavailable("This key is not in the gateway's last good configuration and the store cannot be read now. Try again shortly.");
        }

        return Check(key, snapshot, out caller);
    }

    /// <summary>Whether a key that was found may be used now; null = it may.</summary>
    public Refusal? Check(VirtualKeySnapshot key, ConfigurationSnapshot snapshot, out Caller? caller)
    {
        caller = null;
        var now = time.GetUtcNow();
        if (key.RevokedAt <= now + ClockSkew) return Refusal.InvalidKey($"Key '{key.Name}' ({key.Prefix}...) was revoked at {key.RevokedAt:u}. Ask its team for the current one.");
        if (key.ExpiresAt <= now) return Refusal.InvalidKey($"Key '{key.Name}' ({key.Prefix}...) expired at {key.ExpiresAt:u}. Rotate it in the portal under Keys.");
        if (!snapshot.Organisations.TryGetValue(key.OrganisationId, out var organisation) || !organisation.Teams.TryGetValue(key.TeamId, out var team))
            return Refusal.StoreUnavailable("The key's team could not be loaded. Try again shortly.");
        if (team.IsArchived) return Refusal.InvalidKey($"Key '{key.Name}' belongs to team '{team.Slug}', which was archived. Use a key of an active team.");
        caller = new Caller(key, team, organisation);
        return null;
    }

    private static ReadOnlySpan<char> SecretIn(IHeaderDictionary headers)
    {
        const string Scheme = "Bearer ";
        if (headers.Authorization is [{ } authorization] && authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return authorization.AsSpan(Scheme.Length).Trim();
        // Anthropic's SDKs, then Google's and Azure's, which reach their own API through the pass-through.
        foreach (var name in KeyHeaders)
            if (headers.TryGetValue(name, out var value) && value is [{ } apiKey]) return apiKey.AsSpan().Trim();
        return default;
    }
}
