using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace AspireGateway.Simulator.Tests.Bedrock;

/// <summary>A request signed by the steps of AWS's description of Signature Version 4, written apart from the simulator's check.</summary>
internal static class SignedRequest
{
    public static HttpRequestMessage Post(
        Uri server, string path, string body, string secret = SimulatedCredentials.AwsSecretAccessKey, string key = SimulatedCredentials.AwsAccessKeyId,
        DateTimeOffset? at = null, string service = "bedrock")
    {
        var time = (at ?? DateTimeOffset.UtcNow).ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var (day, region, bytes) = (time[..8], "eu-west-1", Encoding.UTF8.GetBytes(body));
        var content = new ByteArrayContent(bytes);
        content.Headers.TryAddWithoutValidation("content-type", "application/json");
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server, path)) { Content = content };
        request.Headers.Add("x-amz-date", time);

        var twiceEscaped = path.Replace("%", "%25", StringComparison.Ordinal);
        var canonical = $"POST\n{twiceEscaped}\n\ncontent-type:application/json\nhost:{server.Authority}\nx-amz-date:{time}\n\ncontent-type;host;x-amz-date\n{Hex(SHA256.HashData(bytes))}";
        var scope = $"{day}/{region}/{service}/aws4_request";
        var toSign = $"AWS4-HMAC-SHA256\n{time}\n{scope}\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        var signing = Encoding.UTF8.GetBytes("AWS4" + secret);
        foreach (var step in (string[])[day, region, service, "aws4_request"]) signing = HMACSHA256.HashData(signing, Encoding.UTF8.GetBytes(step));
        var signature = Hex(HMACSHA256.HashData(signing, Encoding.UTF8.GetBytes(toSign)));
        request.Headers.TryAddWithoutValidation(
            "Authorization", $"AWS4-HMAC-SHA256 Credential={key}/{scope}, SignedHeaders=content-type;host;x-amz-date, Signature={signature}");
        return request;
    }

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
