using System.Security.Cryptography;
using System.Text;
using AspireGateway.Shared.Net;

namespace AspireGateway.Portal.Webhooks;

/// <summary>Secrets and signatures as the Standard Webhooks specification 1.0 says (symmetric, <c>v1</c>).</summary>
internal static class WebhookSecret
{
    private const int Bytes = 32;

    /// <summary>A new secret.</summary>
    public static string Create() => WebhookSignature.Marker + Convert.ToBase64String(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>The signature of a message: <c>v1,</c> and the base64 HMAC-SHA256 of <c>id.timestamp.body</c> under the decoded secret.</summary>
    /// <param name="secret">As <see cref="Create"/> makes them.</param>
    /// <param name="id">The message's id.</param>
    /// <param name="timestamp">When it is sent, in seconds since 1970.</param>
    /// <param name="body">What is sent, to the byte.</param>
    public static string Sign(string secret, Guid id, long timestamp, string body) => WebhookSignature.Sign(secret, id.ToString(), timestamp, Encoding.UTF8.GetBytes(body));
}
