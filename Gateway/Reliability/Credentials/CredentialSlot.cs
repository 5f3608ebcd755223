using AspireGateway.Gateway.State;

namespace AspireGateway.Gateway.Reliability.Credentials;

/// <summary>
/// One of a deployment's credentials, and whether this gateway lets it rest. The same object in every snapshot while the secret is the same: a new secret begins
/// rested. Times in milliseconds since 1970.
/// </summary>
internal sealed class CredentialSlot(CredentialSnapshot credential)
{
    private long limitedUntilMs, refusedUntilMs;

    /// <summary>The credential.</summary>
    public CredentialSnapshot Credential { get; } = credential;

    /// <summary>Until when it is left alone; in the past = it is not.</summary>
    public long RestsUntilMs => Math.Max(Volatile.Read(ref limitedUntilMs), Volatile.Read(ref refusedUntilMs));

    /// <summary>Whether it is left alone because its provider refused it.</summary>
    public bool IsRefusedAt(long nowMs) => nowMs < Volatile.Read(ref refusedUntilMs);

    /// <summary>Whether it is left alone.</summary>
    public bool RestsAt(long nowMs) => nowMs < RestsUntilMs;

    /// <summary>Its provider limits its rate. Of two that say so at once, the later time holds, or very nearly.</summary>
    public void Limit(long untilMs)
    {
        if (untilMs > Volatile.Read(ref limitedUntilMs)) Volatile.Write(ref limitedUntilMs, untilMs);
    }

    /// <summary>Its provider refuses it.</summary>
    /// <returns>Whether that is news.</returns>
    public bool Refuse(long nowMs, long untilMs) => Interlocked.Exchange(ref refusedUntilMs, untilMs) <= nowMs;
}
