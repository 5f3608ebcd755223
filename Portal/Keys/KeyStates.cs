namespace AspireGateway.Portal.Keys;

/// <summary>How a key stands.</summary>
public static class KeyStates
{
    /// <summary>It works.</summary>
    public const string Live = "live";

    /// <summary>Live, and expires within <see cref="ExpiringDays"/> days; asked for only, a key that is about to expire is called live.</summary>
    public const string Expiring = "expiring";

    /// <summary>How soon "expiring" is, in days.</summary>
    public const int ExpiringDays = 14;

    /// <summary>It works until its rotation's overlap ends.</summary>
    public const string Retiring = "retiring";

    /// <summary>Its time is over.</summary>
    public const string Expired = "expired";

    /// <summary>It was revoked.</summary>
    public const string Revoked = "revoked";

    /// <summary>Every state.</summary>
    public static readonly IReadOnlyList<string> All = [Live, Expiring, Retiring, Expired, Revoked];

    /// <summary>How a key with these moments stands.</summary>
    public static string Of(DateTimeOffset? revokedAt, DateTimeOffset? expiresAt, DateTimeOffset now) =>
        revokedAt <= now ? Revoked : expiresAt <= now ? Expired : revokedAt is not null ? Retiring : Live;

    /// <summary>The same as a condition on <c>virtual_keys k</c>; null = no such state.</summary>
    internal static string? Condition(string state) => state switch
    {
        Live => "k.revoked_at is null and (k.expires_at is null or k.expires_at > @now)",
        Expiring => $"k.revoked_at is null and k.expires_at > @now and k.expires_at <= @now + interval '{ExpiringDays} days'",
        Retiring => "k.revoked_at > @now and (k.expires_at is null or k.expires_at > @now)",
        Expired => "(k.revoked_at is null or k.revoked_at > @now) and k.expires_at <= @now",
        Revoked => "k.revoked_at <= @now",
        _ => null,
    };
}
