using System.Text.RegularExpressions;

namespace AspireGateway.Gateway.Providers;

/// <summary>A provider's own words about a request that the caller can mend: shortened, and without anything that looks like a key or an address.</summary>
internal static partial class ProviderMessage
{
    private const int MaxLength = 500;

    /// <summary>The words as they may be shown; null stays null.</summary>
    public static string? Clean(string? message)
    {
        if (message is null) return null;
        if (message.Length > MaxLength) message = message[..MaxLength] + "...";
        return SecretLike().Replace(message, "[secret]");
    }

    // Keys of vendors and gateways as they turn up in error texts, bearer tokens, and any address, which would tell where the provider lives.
    [GeneratedRegex(@"\b(?:sk|pk|rk|agw|gsk|xai|AIza|AKIA|ASIA|Bearer)[-_ ]?[A-Za-z0-9_\-\.\*]{6,}|https?://\S+", RegexOptions.NonBacktracking)]
    private static partial Regex SecretLike();
}
