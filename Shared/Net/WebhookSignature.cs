using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace AspireGateway.Shared.Net;

/// <summary>Secrets and signatures as the Standard Webhooks specification 1.0 says (symmetric, <c>v1</c>).</summary>
public static class WebhookSignature
{
    /// <summary>What secrets begin with; the key follows in base64.</summary>
    public const string Marker = "whsec_";

    private const int MinKeyBytes = 24, MaxKeyBytes = 64;

    /// <summary>Whether it is a secret that can sign: the marker and the base64 of 24 to 64 bytes.</summary>
    public static bool IsSecret(string secret)
    {
        ArgumentNullException.ThrowIfNull(secret);
        Span<byte> key = stackalloc byte[MaxKeyBytes + 2];
        return secret.StartsWith(Marker, StringComparison.Ordinal) && Convert.TryFromBase64String(secret[Marker.Length..], key, out var length) && length is >= MinKeyBytes and <= MaxKeyBytes;
    }

    /// <summary>The signature of a message: <c>v1,</c> and the base64 HMAC-SHA256 of <c>id.timestamp.body</c> under the decoded secret.</summary>
    /// <param name="secret">As <see cref="IsSecret"/> says.</param>
    /// <param name="id">The message's id.</param>
    /// <param name="timestamp">When it is sent, in seconds since 1970.</param>
    /// <param name="body">What is sent, to the byte.</param>
    public static string Sign(string secret, string id, long timestamp, ReadOnlySpan<byte> body)
    {
        ArgumentNullException.ThrowIfNull(secret);
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Convert.FromBase64String(secret[Marker.Length..]));
        hmac.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{timestamp}.")));
        hmac.AppendData(body);
        return "v1," + Convert.ToBase64String(hmac.GetHashAndReset());
    }
}
