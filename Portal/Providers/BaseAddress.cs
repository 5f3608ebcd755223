using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace AspireGateway.Portal.Providers;

/// <summary>
/// Judges a provider's address when it is written down. What a name resolves to can change later, so gateways judge the address again at each
/// connection; this refuses what is wrong on sight.
/// </summary>
internal static partial class BaseAddress
{
    private const int MaxLength = 500;

    /// <summary>The address without a final slash, or what is wrong with it.</summary>
    public static (string Url, string? Fault) Check(string? text, bool isPrivate)
    {
        var trimmed = text?.Trim().TrimEnd('/') ?? "";
        if (trimmed.Length == 0) return ("", "base_url is required.");
        if (trimmed.Length > MaxLength) return (trimmed, $"base_url may be at most {MaxLength} characters long.");
        if (!Uri.TryCreate(trimmed, UriKind.Absolute, out var uri) || (uri.Scheme != Uri.UriSchemeHttps && uri.Scheme != Uri.UriSchemeHttp) || uri.Host.Length == 0)
            return (trimmed, "base_url is an absolute address, e.g. https://api.openai.com/v1.");
        if (uri.UserInfo.Length > 0 || (uri.Query.Length > 0 && !ApiVersion().IsMatch(uri.Query)) || uri.Fragment.Length > 0)
            return (trimmed, "base_url holds no user, no fragment, and no query but Azure's api-version. Store the key as a credential.");
        if (IsNeverAllowed(uri)) return (trimmed, "base_url may not lead to a link-local or metadata address.");
        if (isPrivate) return (trimmed, null);
        if (uri.Scheme != Uri.UriSchemeHttps) return (trimmed, "base_url must be https, or the provider marked private.");
        return IsPrivateHost(uri) ? (trimmed, "base_url leads to a private address. Mark the provider private if that is meant.") : (trimmed, null);
    }

    /// <summary>Whether two addresses lead to the same server: a credential of one may go to the other.</summary>
    public static bool SameServer(string one, string other) =>
        Uri.Compare(new Uri(one), new Uri(other), UriComponents.SchemeAndServer, UriFormat.SafeUnescaped, StringComparison.OrdinalIgnoreCase) == 0;

    // The version of its API that an Azure OpenAI resource is to speak.
    [GeneratedRegex(@"^\?api-version=[0-9a-z-]{1,40}\z", RegexOptions.NonBacktracking)]
    private static partial Regex ApiVersion();

    /// <summary>Whether an address leads where nothing of a tenant's may: link-local, metadata, unspecified, multicast.</summary>
    public static bool IsNeverAllowed(Uri uri)
    {
        if (!IPAddress.TryParse(uri.IdnHost.Trim('[', ']'), out var address))
            return uri.IdnHost.TrimEnd('.').Equals("metadata.google.internal", StringComparison.OrdinalIgnoreCase);
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        var bytes = address.GetAddressBytes();
        return address.AddressFamily == AddressFamily.InterNetwork
            ? bytes is [169, 254, ..] or [0, ..] or [>= 224, ..] || address.Equals(IPAddress.Parse("100.100.100.200"))
            : address.IsIPv6LinkLocal || address.IsIPv6Multicast || address.Equals(IPAddress.IPv6Any) || address.Equals(IPAddress.Parse("fd00:ec2::254"));
    }

    /// <summary>Whether an address or a name is of a private network or this machine.</summary>
    public static bool IsPrivateHost(Uri uri)
    {
        var host = uri.IdnHost.Trim('[', ']').TrimEnd('.');
        if (!IPAddress.TryParse(host, out var address))
            return !host.Contains('.', StringComparison.Ordinal)
                || host.EndsWith(".local", StringComparison.OrdinalIgnoreCase) || host.EndsWith(".internal", StringComparison.OrdinalIgnoreCase)
                || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        var b = address.GetAddressBytes();
        return address.AddressFamily == AddressFamily.InterNetwork
            ? b[0] is 10 or 127 || (b[0] == 172 && b[1] is >= 16 and <= 31) || (b[0] == 192 && b[1] == 168) || (b[0] == 100 && b[1] is >= 64 and <= 127)
            : IPAddress.IsLoopback(address) || address.IsIPv6UniqueLocal || address.IsIPv6SiteLocal;
    }
}
