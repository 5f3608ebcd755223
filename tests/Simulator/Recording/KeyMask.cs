using System.Security.Cryptography;
using System.Text;

namespace AspireGateway.Simulator.Recording;

/// <summary>Shows credentials so that they can be told apart but not used.</summary>
public static class KeyMask
{
    private const int ShownDigits = 16;

    /// <summary>The form in which the simulator shows a key: <c>sha256:</c> and 16 hex digits.</summary>
    public static string Of(string key) =>
        "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))[..ShownDigits];

    internal static Dictionary<string, string> Headers(IHeaderDictionary headers)
    {
        var shown = new Dictionary<string, string>(headers.Count, StringComparer.OrdinalIgnoreCase);
        foreach (var (name, values) in headers)
        {
            var value = values.ToString();
            shown[name] = name.ToLowerInvariant() switch
            {
                "authorization" when value.Split(' ', 2) is [var scheme, var key] => $"{scheme} {Of(key)}",
                "authorization" or "proxy-authorization" or "x-api-key" or "api-key" or "x-goog-api-key" or "cookie" => Of(value),
                _ => value,
            };
        }

        return shown;
    }
}
