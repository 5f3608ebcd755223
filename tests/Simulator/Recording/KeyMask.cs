using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.Features;

namespace AspireGateway.Simulator.Recording;

/// <summary>Shows credentials so that they can be told apart but not used.</summary>
public static class KeyMask
{
    private const int ShownDigits = 16;

    /// <summary>The form in which the simulator shows a key: <c>sha256:</c> and 16 hex digits.</summary>
    public static string Of(string key) =>
        "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))[..ShownDigits];

    /// <summary>Path and query as they were sent, a key in the query masked.</summary>
    internal static string Path(HttpRequest request)
    {
        // The raw target keeps escapes such as %3A, which a signature covers and a decoded path loses.
        var target = request.HttpContext.Features.Get<IHttpRequestFeature>()?.RawTarget;
        if (string.IsNullOrEmpty(target) || target[0] != '/') target = request.Path + request.QueryString;
        return request.Query["key"].ToString() is { Length: > 0 } key
            ? target.Replace("key=" + Uri.EscapeDataString(key), "key=" + Of(key), StringComparison.Ordinal)
            : target;
    }

    internal static Dictionary<string, string> Headers(IHeaderDictionary headers)
    {
        var shown = new Dictionary<string, string>(headers.Count, StringComparer.OrdinalIgnoreCase);
        foreach (var (name, values) in headers)
        {
            var value = values.ToString();
            shown[name] = name.ToLowerInvariant() switch
            {
                "authorization" when value.StartsWith("AWS4-HMAC-SHA256 ", StringComparison.Ordinal) => SignatureFree(value),
                "authorization" when value.Split(' ', 2) is [var scheme, var key] => $"{scheme} {Of(key)}",
                "authorization" or "proxy-authorization" or "x-api-key" or "api-key" or "x-goog-api-key" or "cookie" or "x-amz-security-token" => Of(value),
                _ => value,
            };
        }

        return shown;
    }

    /// <summary>A signed header without its signature: who signed, for which day, region and service, and which headers.</summary>
    private static string SignatureFree(string value)
    {
        var at = value.IndexOf("Signature=", StringComparison.Ordinal);
        return at < 0 ? value : value[..at] + "Signature=" + Of(value[(at + "Signature=".Length)..]);
    }
}
