using System.Net;
using System.Net.Sockets;

namespace AspireGateway.AppHost.Local.Start;

/// <summary>Asks the system about loopback ports by listening on them for a moment.</summary>
internal static class PortProbe
{
    private static readonly Lazy<bool> s_hasIpv6 = new(() => CanListen(IPAddress.IPv6Loopback, 0));

    /// <summary>
    /// The host name that services bind: <c>localhost</c> is both loopback addresses, but Kestrel warns at each start where
    /// IPv6 is switched off.
    /// </summary>
    public static string LoopbackHost => s_hasIpv6.Value ? "localhost" : "127.0.0.1";

    /// <summary>Whether nobody listens on the port, on either loopback address.</summary>
    public static bool IsFree(int port) =>
        CanListen(IPAddress.Loopback, port) && (!s_hasIpv6.Value || CanListen(IPAddress.IPv6Loopback, port));

    /// <summary>A port that the system hands out.</summary>
    public static int AnyFree()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>
    /// One line for a port that is taken: who has it, and how to go on. Null when it is free.
    /// </summary>
    public static Fault? Busy(string resource, int port, string procRoot = "/proc")
    {
        if (IsFree(port))
            return null;
        var holder = PortHolder.Find(procRoot, port);
        var who = holder is null ? "another process" : $"{holder.Name} (process {holder.ProcessId})";
        return new Fault($"port {port}, wanted for the {resource}, is in use by {who}: stop it, or choose other ports with --port-base N");
    }

    private static bool CanListen(IPAddress address, int port)
    {
        try
        {
            using var listener = new TcpListener(address, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
