using System.Buffers.Text;
using System.Security.Cryptography;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Publishing;

namespace AspireGateway.AppHost.AspireHost;

/// <summary>
/// A parameter's value, made up where none is configured. Aspire's own generator makes passwords; the master key must be base64 of
/// exactly 32 bytes and the demo key has a prefix.
/// </summary>
internal sealed class RandomSecret(Func<string> make) : ParameterDefault
{
    /// <summary>Base64 of 32 bytes.</summary>
    public static string MasterKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    /// <summary><c>agw-</c> and 32 url-safe characters.</summary>
    public static string DemoKey() => "agw-" + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(24));

    /// <summary>43 url-safe characters.</summary>
    public static string Token() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <inheritdoc />
    public override string GetDefaultValue() => make();

    /// <inheritdoc />
    public override void WriteToManifest(ManifestPublishingContext context)
    {
        // A manifest carries no secret, and its generator cannot make these: see SecretParameters.AddSecret.
    }
}
