using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace AspireGateway.Portal.Webhooks;

/// <summary>Secrets and signatures as the Standard Webhooks specification 1.0 says (symmetric, <c>v1</c>).</summary>
internal static class WebhookSecret
{
    private const string Marker = "whsec_";
    private const int Bytes = 32;

    /// <summary>A new secret.</summary>
    public static string Create() => Marker + Convert.ToBase64String(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>The signature of a message: <c>v1,</c> and the base64 HMAC-SHA256 of <c>id.timestamp.body</c> under the decoded secret.</summary>
    /// <param name="secret">As <see cref="Create"/> makes them.</param>
    /// <param name="id">The message's id.</param>
    /// <param name="timestamp">When it is sent, in seconds since 1970.</param>
    /// <param name="body">What is sent, to the byte.</param>
    public static string Sign(string secret, Guid id, long timestamp, string body)
    {
        var key = Convert.FromBase64String(secret[Marker.Length..]);
        var signed = string.Create(CultureInfo.InvariantCulture, $"{id}.{timestamp}.{body}");
        return "v1," + Convert.ToBase64String(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(signed)));
    }
}
