using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AspireGateway.Simulator.Composing;
using AspireGateway.Simulator.Gemini;
using AspireGateway.Simulator.Replying;

namespace AspireGateway.Simulator.Tokens;

/// <summary>Google's grant for service accounts (RFC 7523): a token that the account signed itself.</summary>
internal sealed class GoogleTokens(TokenIssuer tokens, GoogleServiceAccount account, TimeProvider clock) : TokenProtocol(tokens, GeminiProtocol.Audience)
{
    private const string Grant = "urn:ietf:params:oauth:grant-type:jwt-bearer";
    private const string Scope = "https://www.googleapis.com/auth/cloud-platform";
    private const int MostSeconds = 3600;
    private const int SkewSeconds = 60;

    protected override Refusal? Check(HttpRequest request, JsonElement form)
    {
        if (form.TextOf("grant_type") != Grant) return new Refusal(400, $"Invalid grant_type: {form.TextOf("grant_type")}", "unsupported_grant_type");
        if (form.TextOf("assertion")?.Split('.') is not [var header, var claims, var signature]) return Bad("Bad Request: the assertion is no JWT.");
        if (Decode(header) is not { } head || Decode(claims) is not { } said || !TryBytes(signature, out var signed)) return Bad("Bad Request: the assertion is no JWT.");
        if (head.TextOf("alg") != "RS256") return Bad("Invalid JWT: the algorithm must be RS256.");
        if (said.TextOf("iss") != GoogleServiceAccount.Email) return Bad("Invalid grant: account not found");
        if (!account.Verifies(Encoding.ASCII.GetBytes($"{header}.{claims}"), signed)) return Bad("Invalid JWT Signature.");
        if (said.TextOf("aud") is not { } audience || !audience.EndsWith("/token", StringComparison.Ordinal)) return Bad("Invalid JWT: the audience must be the token endpoint.");
        if (said.TextOf("scope")?.Split(' ').Contains(Scope) != true) return new Refusal(400, "Invalid OAuth scope or ID token audience provided.", "invalid_scope");
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        return said.WholeOf("iat") is { } from && said.WholeOf("exp") is { } until && from <= now + SkewSeconds && until > now - SkewSeconds && until - from <= MostSeconds
            ? null
            : Bad("Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.");
    }

    private static Refusal Bad(string message) => new(400, message, "invalid_grant");

    private static JsonElement? Decode(string part)
    {
        if (!TryBytes(part, out var bytes) || RequestBody.ParseJson(bytes) is not { } parsed) return null;
        using (parsed) return parsed.RootElement.Clone();
    }

    private static bool TryBytes(string part, out byte[] bytes)
    {
        bytes = [];
        if (!Base64Url.IsValid(part)) return false;
        bytes = Base64Url.DecodeFromChars(part);
        return true;
    }
}

/// <summary>The one service account; its key is made anew with every start.</summary>
internal sealed class GoogleServiceAccount : IDisposable
{
    public const string Email = $"simulator@{SimulatedCredentials.GoogleProject}.iam.gserviceaccount.com";
    private const int KeyBits = 2048;
    private readonly Lazy<RSA> key = new(() => RSA.Create(KeyBits));
    private readonly Lock gate = new();

    /// <summary>The account as the file that Google's console gives out.</summary>
    public byte[] ToJson(Uri server)
    {
        var json = new System.Buffers.ArrayBufferWriter<byte>(2048);
        string pem;
        lock (gate) pem = key.Value.ExportPkcs8PrivateKeyPem();
        WireJson.WriteObject(json, writer =>
        {
            writer.WriteString("type", "service_account");
            writer.WriteString("project_id", SimulatedCredentials.GoogleProject);
            writer.WriteString("private_key_id", "simulated");
            writer.WriteString("private_key", pem + "\n");
            writer.WriteString("client_email", Email);
            writer.WriteString("client_id", "100000000000000000001");
            writer.WriteString("token_uri", new Uri(server, "/token").AbsoluteUri);
            writer.WriteString("universe_domain", "googleapis.com");
        });
        return json.WrittenSpan.ToArray();
    }

    public bool Verifies(byte[] data, byte[] signature)
    {
        lock (gate) return key.Value.VerifyData(data, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }

    public void Dispose()
    {
        if (key.IsValueCreated) key.Value.Dispose();
    }
}
