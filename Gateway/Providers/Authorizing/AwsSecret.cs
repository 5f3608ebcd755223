using System.Text.Json;
using System.Text.RegularExpressions;

namespace AspireGateway.Gateway.Providers.Authorizing;

/// <summary>
/// The forms of an AWS secret: <c>{"access_key_id","secret_access_key","session_token"?,"region"?}</c> signs; <c>{"chain":true,"region"?}</c> signs with
/// what the gateway's machine has; anything that is not a JSON object is an API key of Bedrock, shown as a bearer token.
/// </summary>
internal static partial class AwsSecret
{
    private const string DefaultRegion = "us-east-1";

    /// <summary>The authorisation that a secret means; null when it has none of these forms.</summary>
    public static IRequestAuthorization? Read(string secret, string service, Uri baseUrl, TimeProvider time)
    {
        var text = secret.Trim();
        if (text.Length == 0) return null;
        if (!text.StartsWith('{')) return HeaderAuthorization.Bearer(text);
        try
        {
            using var document = JsonDocument.Parse(text);
            var root = document.RootElement;
            var region = Text(root, "region") ?? RegionOf(baseUrl.Host) ?? DefaultRegion;
            if (Text(root, "access_key_id") is { } id && Text(root, "secret_access_key") is { } key)
                return new SigV4Authorization(new AwsFixedCredential(new AwsCredential(id, key, Text(root, "session_token"))), region, service, time);
            return root.TryGetProperty("chain", out var chain) && chain.ValueKind == JsonValueKind.True
                ? new SigV4Authorization(new AwsChainCredential(MachineIdentity.IsAllowed), region, service, time)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The region in a host's name, e.g. of <c>bedrock-runtime.eu-central-1.amazonaws.com</c>; null = none stands there.</summary>
    public static string? RegionOf(string host) => Region().Match(host) is { Success: true } match ? match.Groups["region"].Value : null;

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;

    [GeneratedRegex(@"(^|\.)(?<region>[a-z]{2}(-[a-z]+){1,3}-[0-9]{1,2})\.", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Region();
}
