using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace AspireGateway.Integration.Tests.Stores;

/// <summary>
/// Ports for servers that a test starts in a process of their own. They lie below those that the system lends to outgoing connections:
/// a port of that range that is free now may be some client's end a moment later, and the server then cannot listen.
/// </summary>
internal static class FreePorts
{
    private const int First = 10_000;

    // The local host's tests take theirs from here on (see LocalHostProcess).
    private const int End = 20_000;
    private const string LentPorts = "/proc/sys/net/ipv4/ip_local_port_range";

    private static int next = Environment.ProcessId * 37 % (End - First);

    /// <summary>A port on the loopback that nothing listens on now, and that this run hands out to nobody else.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public static int Next()
    {
        for (var tries = 0; tries < End - First; tries++)
        {
            var port = First + (int)((uint)Interlocked.Increment(ref next) % (End - First));
            if (port < FirstLent() && IsFree(port)) return port;
        }
        throw new InvalidOperationException($"No free port from {First} to {End}.");
    }

    private static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Any, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static int FirstLent() => File.Exists(LentPorts)
        ? int.Parse(File.ReadAllText(LentPorts).Split('\t', ' ')[0], CultureInfo.InvariantCulture)
        : int.MaxValue;
}
