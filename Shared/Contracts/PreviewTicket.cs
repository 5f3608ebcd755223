using System.Buffers.Text;
using System.Globalization;
using AspireGateway.Shared.Data;

namespace AspireGateway.Shared.Contracts;

/// <summary>
/// Lets the portal ask a gateway where a request of some key would go, without that key's secret, which nobody but its holder has. Sealed with the master key that both
/// share, for one key, good for a minute, and taken by the route preview only, which neither sends nor books anything.
/// </summary>
public static class PreviewTicket
{
    /// <summary>The header that carries it.</summary>
    public const string Header = "x-gateway-preview-as";

    private const int MaxLength = 400;

    // Bound into the envelope, so that no other sealed text of the house passes for a ticket.
    private static readonly Guid Purpose = new("6f1d2a52-6f0a-4f52-8f5d-0b8a4c1e7a10");
    private static readonly TimeSpan Validity = TimeSpan.FromMinutes(1);

    /// <summary>A ticket for a key.</summary>
    public static string Issue(SecretBox box, Guid keyId, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(box);
        return Base64Url.EncodeToString(box.Seal(string.Create(CultureInfo.InvariantCulture, $"{keyId:N}{(now + Validity).ToUnixTimeSeconds()}"), Purpose));
    }

    /// <summary>The key that a ticket is for; null = it is none, or its time has passed.</summary>
    public static Guid? Read(SecretBox box, string? ticket, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(box);
        if (ticket is null or { Length: > MaxLength } || !Base64Url.IsValid(ticket)) return null;
        if (box.Open(Base64Url.DecodeFromChars(ticket), Purpose) is not { Length: > 32 } text) return null;
        return Guid.TryParseExact(text.AsSpan(0, 32), "N", out var key)
            && long.TryParse(text.AsSpan(32), NumberStyles.None, CultureInfo.InvariantCulture, out var until) && now.ToUnixTimeSeconds() <= until ? key : null;
    }
}
