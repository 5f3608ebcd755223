using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json;
using AspireGateway.Gateway.State;
using Google.Apis.Auth.OAuth2;
using Google.Apis.Http;

namespace AspireGateway.Gateway.Providers.Authorizing;

/// <summary>
/// A service account of Google Cloud: its key signs a statement, which Google's token server turns into an access token of an hour (RFC 7523). Google's
/// library keeps the token, asks for the next one some minutes before it ends, and has one request for it under way at a time.
/// </summary>
internal sealed class GoogleAuthorization : IRequestAuthorization
{
    private const string Scope = "https://www.googleapis.com/auth/cloud-platform", TokenServer = "https://oauth2.googleapis.com/token", TokenHosts = ".googleapis.com";

    private readonly ServiceAccountCredential credential;

    private GoogleAuthorization(ServiceAccountCredential credential) => this.credential = credential;

    /// <summary>
    /// Reads the JSON key of a service account; null when it is none. Other kinds of Google's credential files are refused: some of them name a program to
    /// run or an address to ask, and whoever enters a credential must not be able to make the gateway do either.
    /// </summary>
    /// <param name="json">The key file.</param>
    /// <param name="provider">Says whether the token server may be one of the company's own.</param>
    /// <param name="time">The clock by which a token ends.</param>
    public static GoogleAuthorization? TryOf(string json, ProviderSnapshot provider, TimeProvider time)
    {
        if (!TryRead(json, out var key) || !IsTokenServer(key.TokenServer, provider.IsPrivate)) return null;
        return new(new ServiceAccountCredential(new ServiceAccountCredential.Initializer(key.Account, key.TokenServer.AbsoluteUri)
        {
            Key = key.PrivateKey,
            KeyId = key.KeyId,
            Scopes = [Scope],
            Clock = new GoogleClock(time),
            HttpClientFactory = new GoogleHttpClients(provider.IsPrivate),
            // Another deployment is tried at once instead.
            DefaultExponentialBackOffPolicy = ExponentialBackOffPolicy.None,
        }));
    }

    /// <inheritdoc />
    /// <exception cref="Google.Apis.Auth.OAuth2.Responses.TokenResponseException">The token server refuses.</exception>
    /// <exception cref="HttpRequestException">It cannot be reached.</exception>
    /// <exception cref="OperationCanceledException">It did not answer in time.</exception>
    public async ValueTask ApplyAsync(HttpRequestMessage request, ReadOnlyMemory<byte>? body, CancellationToken cancellationToken)
    {
        var token = await credential.GetAccessTokenForRequestAsync(null, cancellationToken);
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
    }

    private static bool IsTokenServer(Uri address, bool isPrivate) =>
        isPrivate || (address.Scheme == Uri.UriSchemeHttps && address.Host.EndsWith(TokenHosts, StringComparison.OrdinalIgnoreCase));

    private static bool TryRead(string json, [NotNullWhen(true)] out Key? key)
    {
        key = null;
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || Text(root, "type") != "service_account") return false;
            if (Text(root, "client_email") is not { Length: > 0 } account || Text(root, "private_key") is not { Length: > 0 } privateKey) return false;
            if (!Uri.TryCreate(Text(root, "token_uri") ?? TokenServer, UriKind.Absolute, out var server)) return false;
            var rsa = RSA.Create();
            rsa.ImportFromPem(privateKey);
            key = new(account, rsa, Text(root, "private_key_id"), server);
            return true;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or ArgumentException or CryptographicException)
        {
            // Not JSON, texts that are not Unicode, or no private key.
            return false;
        }
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private sealed record Key(string Account, RSA PrivateKey, string? KeyId, Uri TokenServer);
}
