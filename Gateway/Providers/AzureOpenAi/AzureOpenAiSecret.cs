using System.Text.Json;
using AspireGateway.Gateway.Providers.Authorizing;

namespace AspireGateway.Gateway.Providers.AzureOpenAi;

/// <summary>
/// The forms of an Azure OpenAI secret: <c>{"tenant_id","client_id","client_secret","authority_host"?}</c> gets tokens of Microsoft Entra ID,
/// <c>{"chain":true}</c> with what the gateway's machine has; anything that is not a JSON object is the resource's key.
/// </summary>
internal static class AzureOpenAiSecret
{
    /// <summary>The authorisation that a secret means; null when it has none of these forms.</summary>
    public static IRequestAuthorization? Read(string secret, TimeProvider time)
    {
        var text = secret.Trim();
        if (text.Length == 0) return null;
        if (!text.StartsWith('{')) return new HeaderAuthorization("api-key", text);
        try
        {
            using var document = JsonDocument.Parse(text);
            var root = document.RootElement;
            if (root.TryGetProperty("chain", out var chain) && chain.ValueKind == JsonValueKind.True)
                return new EntraTokenAuthorization(new EntraMachineIdentity(MachineIdentity.IsAllowed), time);
            if (Text(root, "tenant_id") is not { } tenant || Text(root, "client_id") is not { } client || Text(root, "client_secret") is not { } key) return null;
            Uri? authority = null;
            if (Text(root, "authority_host") is { } host && !(Uri.TryCreate(host, UriKind.Absolute, out authority) && authority.Scheme == Uri.UriSchemeHttps)) return null;
            return new EntraTokenAuthorization(new EntraClientSecret(tenant, client, key, authority), time);
        }
        catch (JsonException)
        {
            return null;
        }
        catch (ArgumentException)
        {
            // Azure.Identity judges the directory's name.
            return null;
        }
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;
}
