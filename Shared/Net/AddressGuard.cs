using System.Net;
using System.Net.Sockets;

namespace AspireGateway.Shared.Net;

/// <summary>
/// Decides at connect time, on the resolved address, whether a server that a tenant named (a provider, a webhook) may be there. Names are resolved once and the very address that was judged is
/// connected to, so a name that changes between check and use gains nothing.
/// </summary>
public static class AddressGuard
{
    // Special-purpose registries of IANA (RFC 6890 and later), as far as a server of one's own may live there.
    private static readonly IPNetwork[] Private =
    [
        IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("172.16.0.0/12"), IPNetwork.Parse("192.168.0.0/16"), IPNetwork.Parse("127.0.0.0/8"),
        IPNetwork.Parse("100.64.0.0/10"), IPNetwork.Parse("198.18.0.0/15"), IPNetwork.Parse("::1/128"), IPNetwork.Parse("fc00::/7"),
    ];

    // Nobody's server: link-local (where clouds keep their metadata), unspecified, multicast, reserved, documentation, and the IPv6 metadata address.
    private static readonly IPNetwork[] Forbidden =
    [
        IPNetwork.Parse("169.254.0.0/16"), IPNetwork.Parse("fe80::/10"), IPNetwork.Parse("fd00:ec2::254/128"), IPNetwork.Parse("0.0.0.0/8"),
        IPNetwork.Parse("224.0.0.0/4"), IPNetwork.Parse("240.0.0.0/4"), IPNetwork.Parse("192.0.0.0/24"), IPNetwork.Parse("192.0.2.0/24"),
        IPNetwork.Parse("198.51.100.0/24"), IPNetwork.Parse("203.0.113.0/24"), IPNetwork.Parse("100.100.100.200/32"), IPNetwork.Parse("ff00::/8"),
        IPNetwork.Parse("::/128"), IPNetwork.Parse("2001:db8::/32"), IPNetwork.Parse("64:ff9b::/96"), IPNetwork.Parse("2002::/16"),
    ];

    /// <summary>Whether a server may be reached at this address.</summary>
    /// <param name="address">The resolved address.</param>
    /// <param name="allowPrivate">Whether it may be on a private network or this machine.</param>
    public static bool Allows(IPAddress address, bool allowPrivate)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return !Contains(Forbidden, address) && (allowPrivate || !Contains(Private, address));
    }

    /// <summary>Opens a connection to the first allowed address of a host.</summary>
    /// <param name="host">Name or address, and port.</param>
    /// <param name="allowPrivate">Whether it may be on a private network or this machine.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="AddressForbiddenException">The host has no allowed address.</exception>
    public static async ValueTask<Stream> ConnectAsync(DnsEndPoint host, bool allowPrivate, CancellationToken cancellationToken)
    {
        var addresses = IPAddress.TryParse(host.Host, out var literal) ? [literal] : await Dns.GetHostAddressesAsync(host.Host, cancellationToken);
        var allowed = Array.FindAll(addresses, address => Allows(address, allowPrivate));
        if (allowed.Length == 0) throw new AddressForbiddenException();

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, host.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static bool Contains(IPNetwork[] networks, IPAddress address)
    {
        foreach (var network in networks)
            if (network.BaseAddress.AddressFamily == address.AddressFamily && network.Contains(address)) return true;
        return false;
    }
}

/// <summary>A host resolves only to addresses that it may not have.</summary>
public sealed class AddressForbiddenException : IOException
{
    /// <summary>Without the address: the text may reach a log.</summary>
    public AddressForbiddenException()
        : base("The host resolves only to addresses that are not allowed for it.")
    {
    }
}
