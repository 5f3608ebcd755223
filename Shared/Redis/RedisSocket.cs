using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;

namespace AspireGateway.Shared.Redis;

/// <summary>Opens the stream of a connection.</summary>
internal static class RedisSocket
{
    /// <summary>Connects, encrypted when asked for.</summary>
    /// <returns>The stream, or null and why not in a word.</returns>
    public static async Task<(Stream? Stream, string Fault)> OpenAsync(DnsEndPoint server, bool tls, CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        Stream? stream = null;
        try
        {
            await socket.ConnectAsync(server, cancellation);
            stream = new NetworkStream(socket, ownsSocket: true);
            if (!tls) return (stream, "");
            var encrypted = new SslStream(stream);
            stream = encrypted;
            await encrypted.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = server.Host }, cancellation);
            return (encrypted, "");
        }
        catch (Exception fault) when (fault is OperationCanceledException or SocketException or IOException or AuthenticationException)
        {
            if (stream is not null) await stream.DisposeAsync();
            socket.Dispose();
            return (null, fault is OperationCanceledException ? "connect_timeout" : stream is null ? "unreachable" : "tls");
        }
    }
}
