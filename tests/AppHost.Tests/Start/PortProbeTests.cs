using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using AspireGateway.AppHost.Local.Start;

namespace AspireGateway.AppHost.Tests.Start;

public sealed class PortProbeTests
{
    [Fact]
    public void Busy_FreePort_IsNoFault() => Assert.Null(PortProbe.Busy("gateway", PortProbe.AnyFree()));

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("0.0.0.0")]
    public void Busy_TakenPort_NamesPortResourceProcessAndWayOut(string address)
    {
        using var listener = new TcpListener(IPAddress.Parse(address), 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        using var self = Process.GetCurrentProcess();

        var message = PortProbe.Busy("portal", port)?.Message;

        Assert.Contains($"port {port}, wanted for the portal", message);
        Assert.Contains($"(process {self.Id})", message);
        Assert.Contains("--port-base", message);
    }

    [Fact]
    public void Busy_HolderUnknown_StillSaysWhatToDo()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();

        var message = PortProbe.Busy("gateway", ((IPEndPoint)listener.LocalEndpoint).Port, procRoot: "/nonexistent")?.Message;

        Assert.Contains("in use by another process", message);
    }

    [Fact]
    public void ListeningInodes_Table_KeepsListenersOfThePortOnly()
    {
        string[] table =
        [
            "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode",
            "   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 111 1 0000 100 0 0 10 0",
            "   1: 0100007F:1F90 0100007F:D431 01 00000000:00000000 00:00000000 00000000     0        0 222 1 0000 100 0 0 10 0",
            "   2: 00000000000000000000000000000000:1F90 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 333 1 0000",
            "   3: 0100007F:1F91 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 444 1 0000 100 0 0 10 0",
            "garbage",
        ];

        Assert.Equal(["111", "333"], PortHolder.ListeningInodes(table, 8080));
    }
}
