using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AspireGateway.Simulator.OpenAi;
using AspireGateway.Simulator.Replying;
using Microsoft.AspNetCore.Http.Features;

namespace AspireGateway.Simulator.Bedrock;

/// <summary>Checks a request's signature (AWS Signature Version 4, service <c>bedrock</c>), or takes an API key as bearer.</summary>
internal static class SignatureCheck
{
    private const string Algorithm = "AWS4-HMAC-SHA256";
    private static readonly TimeSpan MostSkew = TimeSpan.FromMinutes(5);

    /// <summary>The access key or the API key that the request carries, or null.</summary>
    public static string? KeyOf(HttpRequest request) =>
        Fields(request) is { } fields ? fields.GetValueOrDefault("Credential", "").Split('/')[0] : OpenAiJson.BearerOf(request);

    /// <summary>What is wrong with the credential, or null.</summary>
    public static Refusal? Check(HttpRequest request, byte[] body, DateTimeOffset now)
    {
        if (OpenAiJson.BearerOf(request) is not null) return null;
        if (Fields(request) is not { } fields) return new Refusal(403, "Missing Authentication Token", "MissingAuthenticationTokenException");
        if (fields.GetValueOrDefault("Credential", "").Split('/') is not [var key, var day, var region, var service, "aws4_request"]
            || !fields.TryGetValue("SignedHeaders", out var signed) || !fields.TryGetValue("Signature", out var signature))
            return new Refusal(403, "The authorization header is not complete.", "IncompleteSignatureException");
        if (key != SimulatedCredentials.AwsAccessKeyId) return new Refusal(403, "The security token included in the request is invalid.", "UnrecognizedClientException");
        if (service != "bedrock") return Wrong($"Credential should be scoped to correct service: 'bedrock'.");
        var time = request.Headers["x-amz-date"].ToString();
        if (!DateTimeOffset.TryParseExact(time, "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) || !time.StartsWith(day, StringComparison.Ordinal))
            return Wrong("Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP");
        if ((now - at).Duration() > MostSkew) return Wrong($"Signature expired: {time} is not within 5 minutes of the current time.");
        var names = signed.Split(';');
        if (!names.Contains("host") || names.Any(n => request.Headers[n].Count == 0)) return Wrong("'Host' and all headers named in SignedHeaders must be signed and sent.");
        if (request.Headers.Keys.Any(h => h.StartsWith("x-amz-", StringComparison.OrdinalIgnoreCase) && !names.Contains(h, StringComparer.OrdinalIgnoreCase)))
            return Wrong("There were headers present in the request which were not signed.");
        var declared = request.Headers["x-amz-content-sha256"].ToString();
        var bodyHash = Hex(SHA256.HashData(body));
        if (declared.Length > 0 && declared != bodyHash) return Wrong("The value of 'x-amz-content-sha256' does not match the body.");

        var canonical = string.Join('\n', request.Method, CanonicalPath(request), CanonicalQuery(request), CanonicalHeaders(request, names), signed, bodyHash);
        var scope = $"{day}/{region}/{service}/aws4_request";
        var toSign = $"{Algorithm}\n{time}\n{scope}\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        var expected = Hex(Hmac(SigningKey(day, region, service), toSign));
        return CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(expected), Encoding.ASCII.GetBytes(signature))
            ? null
            : Wrong("The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.");
    }

    private static Refusal Wrong(string message) => new(403, message, "InvalidSignatureException");

    private static Dictionary<string, string>? Fields(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        if (!header.StartsWith(Algorithm + " ", StringComparison.Ordinal)) return null;
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var field in header[Algorithm.Length..].Split(',', StringSplitOptions.TrimEntries))
            if (field.IndexOf('=', StringComparison.Ordinal) is > 0 and var at) fields[field[..at]] = field[(at + 1)..];
        return fields;
    }

    /// <summary>The path as it was sent, each segment escaped once more: every service but S3 signs it so.</summary>
    private static string CanonicalPath(HttpRequest request)
    {
        var target = request.HttpContext.Features.Get<IHttpRequestFeature>()!.RawTarget;
        var path = target.Split('?')[0];
        return string.Join('/', path.Split('/').Select(Uri.EscapeDataString));
    }

    private static string CanonicalQuery(HttpRequest request) => string.Join('&', request.Query
        .SelectMany(q => q.Value.Select(v => $"{Uri.EscapeDataString(q.Key)}={Uri.EscapeDataString(v ?? "")}"))
        .Order(StringComparer.Ordinal));

    private static string CanonicalHeaders(HttpRequest request, string[] names) => string.Concat(names
        .Select(n => $"{n}:{string.Join(',', request.Headers[n].Select(v => string.Join(' ', (v ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries))))}\n"));

    private static byte[] SigningKey(string day, string region, string service)
    {
        var key = Hmac(Encoding.UTF8.GetBytes("AWS4" + SimulatedCredentials.AwsSecretAccessKey), day);
        return Hmac(Hmac(Hmac(key, region), service), "aws4_request");
    }

    private static byte[] Hmac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
