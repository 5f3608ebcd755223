using AspireGateway.Gateway.Reliability.Circuits;
using AspireGateway.Gateway.State;

namespace AspireGateway.Gateway.Reliability.Credentials;

/// <summary>Spreads a deployment's requests over its credentials. Takes no lock and no memory.</summary>
internal static class CredentialSpread
{
    /// <summary>The place of a deployment that is called without a credential.</summary>
    public const short None = -1;

    /// <summary>
    /// Whose turn it is among those that do not rest. When all rest, the one whose rest ends first: whoever gets here has nobody else to ask.
    /// </summary>
    public static short Choose(DeploymentSnapshot deployment, TimeProvider time) => deployment.Credentials.Length switch
    {
        0 => None,
        1 => 0,
        _ => Choose(deployment.Credentials, deployment.Traffic.NextCredential(), time.GetUtcNow().ToUnixTimeMilliseconds()),
    };

    /// <summary>The preferred one where it does not rest, else as ever.</summary>
    public static short Choose(DeploymentSnapshot deployment, TimeProvider time, Guid? preferred)
    {
        if (preferred is not { } id || deployment.Credentials.Length < 2) return Choose(deployment, time);
        var nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        for (var i = 0; i < deployment.Credentials.Length; i++)
            if (deployment.Credentials[i].Credential.Id == id && !deployment.Credentials[i].RestsAt(nowMs)) return (short)i;
        return Choose(deployment, time);
    }

    /// <summary>The same for a turn and a time.</summary>
    public static short Choose(ReadOnlySpan<CredentialSlot> slots, uint turn, long nowMs)
    {
        var first = (int)(turn % (uint)slots.Length);
        var best = first;
        for (var i = 0; i < slots.Length; i++)
        {
            var at = first + i < slots.Length ? first + i : first + i - slots.Length;
            if (!slots[at].RestsAt(nowMs)) return (short)at;
            if (slots[at].RestsUntilMs < slots[best].RestsUntilMs) best = at;
        }
        return (short)best;
    }

    /// <summary>Why a deployment is not to be asked for its credentials' sake; null = it may. One credential alone is its circuit's business.</summary>
    public static string? Objection(DeploymentSnapshot deployment, long nowMs) =>
        deployment.Credentials.Length > 1 && !HasAwake(deployment.Credentials, nowMs) ? Circuit.RestingWord : null;

    /// <summary>Whether one of them does not rest.</summary>
    public static bool HasAwake(ReadOnlySpan<CredentialSlot> slots, long nowMs)
    {
        foreach (var slot in slots)
            if (!slot.RestsAt(nowMs)) return true;
        return false;
    }
}
