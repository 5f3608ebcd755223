using AspireGateway.AppHost.Local.Data;
using AspireGateway.AppHost.Local.Start;

namespace AspireGateway.AppHost.Tests.Start;

public sealed class ReadyTableTests
{
    private static readonly RunFile s_run = new(
        "http://localhost:8080", "http://localhost:8081", "http://127.0.0.1:8089", "agw-demo", "admin-secret", "http://localhost:8081/signin?token=t");

    [Fact]
    public void Draw_Ready_HasSignInLinkGatewayKeyAndCurl()
    {
        var table = ReadyTable.Draw(s_run, "/data", [], TimeSpan.FromSeconds(1.25));

        Assert.Contains("portal     http://localhost:8081/signin?token=t", table);
        Assert.Contains("gateway    http://localhost:8080", table);
        Assert.Contains("demo key   agw-demo", table);
        Assert.Contains("curl http://localhost:8080/v1/chat/completions -H \"Authorization: Bearer agw-demo\"", table);
        Assert.Contains("simulator  http://127.0.0.1:8089", table);
        Assert.DoesNotContain("admin-secret", table);
    }

    [Fact]
    public void Draw_WithoutSimulatorAndLink_LeavesThemOut()
    {
        var table = ReadyTable.Draw(s_run with { Simulator = null, SignInUrl = null }, "/data", [], TimeSpan.Zero);

        Assert.DoesNotContain("simulator", table);
        Assert.DoesNotContain("token=", table);
        Assert.Contains("portal     http://localhost:8081", table);
    }

    [Fact]
    public void Draw_SeveralReplicas_ListsTheirAddresses() => Assert.Contains(
        "http://127.0.0.1:28080, http://127.0.0.1:28081",
        ReadyTable.Draw(s_run, "/data", ["http://127.0.0.1:28080", "http://127.0.0.1:28081"], TimeSpan.Zero));
}
