using AspireGateway.AppHost.Local.Children;
using AspireGateway.AppHost.Local.Data;
using AspireGateway.AppHost.Local.Start;

namespace AspireGateway.AppHost.Tests.Start;

public sealed class ServiceSpecsTests
{
    private static readonly HostSecrets s_secrets = HostSecrets.Generate();
    private static readonly ServiceProgram s_program = new("/clone/Project", "/clone/Project/bin/Debug/net10.0/Project.dll");

    private static ServiceSpecs Specs(string? cache = "127.0.0.1:1,password=x", string? token = "once", bool simulator = true)
    {
        var ports = PortPlan.Create(8080, 1, _ => true, () => 0);
        var facts = new ServiceFacts(s_secrets, ports, "Host=127.0.0.1", cache, token, simulator);
        return new ServiceSpecs(facts, new ChildEnvironment(new Dictionary<string, string> { ["OPENAI_API_KEY"] = "sk-real" }));
    }

    [Fact]
    public void Gateway_WithRedis_GetsStoresKeyFolderAndAddress()
    {
        var spec = Specs().Gateway(s_program, "gateway", "http://127.0.0.1:8080", "/data/gateway/1");

        Assert.Equal("127.0.0.1:1,password=x", spec.Environment["ConnectionStrings__cache"]);
        Assert.Equal("Host=127.0.0.1", spec.Environment["ConnectionStrings__gatewaydb"]);
        Assert.Equal(s_secrets.MasterKey, spec.Environment["Gateway__MasterKey"]);
        Assert.Equal("/data/gateway/1", spec.Environment["Gateway__DataPath"]);
        Assert.Equal("http://127.0.0.1:8080", spec.Environment["ASPNETCORE_URLS"]);
        Assert.Equal("/clone/Project", spec.WorkingDirectory);
    }

    [Fact]
    public void Gateway_WithoutRedis_HasNoCacheConnection() =>
        Assert.DoesNotContain("ConnectionStrings__cache", Specs(cache: null).Gateway(s_program, "gateway", "u", "d").Environment.Keys);

    [Fact]
    public void ProviderKey_ReachesTheMigrationOnly()
    {
        var specs = Specs();

        Assert.Equal("sk-real", specs.Migration(s_program).Environment["OPENAI_API_KEY"]);
        Assert.DoesNotContain("sk-real", specs.Gateway(s_program, "gateway", "u", "d").Environment.Values);
        Assert.DoesNotContain("sk-real", specs.Portal(s_program, "u", "g").Environment.Values);
        Assert.DoesNotContain("sk-real", specs.Simulator(s_program).Environment.Values);
    }

    [Fact]
    public void Migration_WithSimulator_SeedsItsAddressAndTheDemoKey()
    {
        var spec = Specs().Migration(s_program);

        Assert.Equal("migrate", spec.Arguments[^1]);
        Assert.Equal("http://127.0.0.1:8089", spec.Environment["Seed__SimulatorUrl"]);
        Assert.Equal(s_secrets.DemoKey, spec.Environment["Seed__DemoKey"]);
        Assert.DoesNotContain("Seed__SimulatorUrl", Specs(simulator: false).Migration(s_program).Environment.Keys);
    }

    [Fact]
    public void Portal_GetsTokensAndTheGatewaysAddress()
    {
        var environment = Specs().Portal(s_program, "http://localhost:8081", "http://127.0.0.1:8080").Environment;

        Assert.Equal(s_secrets.AdminToken, environment["Portal__AdminToken"]);
        Assert.Equal("once", environment["Portal__OneTimeToken"]);
        Assert.Equal("http://127.0.0.1:8080", environment["services__gateway__http__0"]);
        Assert.DoesNotContain("Portal__OneTimeToken", Specs(token: null).Portal(s_program, "u", "g").Environment.Keys);
    }

    [Fact]
    public void Secrets_NeverStandOnACommandLine()
    {
        var specs = Specs();
        ChildSpec[] all = [specs.Migration(s_program), specs.Simulator(s_program), specs.Gateway(s_program, "gateway", "u", "d"), specs.Portal(s_program, "u", "g")];
        string[] secrets = [s_secrets.MasterKey, s_secrets.AdminToken, s_secrets.DemoKey, s_secrets.PostgresPassword, s_secrets.RedisPassword];

        Assert.All(all, spec => Assert.DoesNotContain(spec.Arguments, argument => secrets.Any(argument.Contains)));
    }
}
