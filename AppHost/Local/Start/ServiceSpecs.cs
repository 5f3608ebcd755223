using AspireGateway.AppHost.Local.Children;
using AspireGateway.AppHost.Local.Data;

namespace AspireGateway.AppHost.Local.Start;

/// <summary>The facts that the services' environments are made of.</summary>
/// <param name="Secrets">The data folder's secrets.</param>
/// <param name="Ports">Who listens where.</param>
/// <param name="Database">Connection string of <c>gatewaydb</c>.</param>
/// <param name="Cache">Connection string of <c>cache</c>; null without Redis.</param>
/// <param name="OneTimeToken">Of the sign-in link; null where the portal refuses such links.</param>
/// <param name="WithSimulator">The seed's models are to point to the simulator.</param>
internal sealed record ServiceFacts(HostSecrets Secrets, PortPlan Ports, string Database, string? Cache, string? OneTimeToken, bool WithSimulator);

/// <summary>How each of our own projects is started: the same variables that the Aspire host sets.</summary>
internal sealed class ServiceSpecs(ServiceFacts facts, ChildEnvironment host)
{
    /// <summary>The simulator's base URL for the seed and for <c>run.json</c>.</summary>
    public string SimulatorUrl => $"http://127.0.0.1:{facts.Ports.Simulator}";

    /// <summary>The migration: the portal's program with another verb, and the only one to see the providers' keys.</summary>
    public ChildSpec Migration(ServiceProgram portal)
    {
        var environment = host.ForMigration("migration");
        Stores(environment);
        environment["Seed__DemoKey"] = facts.Secrets.DemoKey;
        if (facts.WithSimulator)
            environment["Seed__SimulatorUrl"] = SimulatorUrl;
        return Spec("migration", portal, ["migrate"], environment) with { StopWithin = TimeSpan.FromSeconds(5) };
    }

    /// <summary>The fake provider.</summary>
    public ChildSpec Simulator(ServiceProgram simulator) =>
        Spec("simulator", simulator, ["--urls", SimulatorUrl], SmallHeap(host.ForService("simulator"))) with { StopWithin = TimeSpan.FromSeconds(3) };

    /// <summary>One gateway.</summary>
    /// <param name="gateway">Its program.</param>
    /// <param name="name">Its name in the log.</param>
    /// <param name="url">Where it listens.</param>
    /// <param name="dataPath">Its own folder for journal and snapshot.</param>
    public ChildSpec Gateway(ServiceProgram gateway, string name, string url, string dataPath)
    {
        // The collector stays as the project chose it: what is measured here is what runs elsewhere.
        var environment = host.ForService(name);
        Stores(environment);
        environment["ASPNETCORE_URLS"] = url;
        environment["Gateway__DataPath"] = dataPath;
        return Spec(name, gateway, [], environment);
    }

    /// <summary>The portal.</summary>
    public ChildSpec Portal(ServiceProgram portal, string url, string gatewayUrl)
    {
        var environment = SmallHeap(host.ForService("portal"));
        Stores(environment);
        environment["ASPNETCORE_URLS"] = url;
        environment["services__gateway__http__0"] = gatewayUrl;
        environment["Portal__AdminToken"] = facts.Secrets.AdminToken;
        if (facts.OneTimeToken is not null)
            environment["Portal__OneTimeToken"] = facts.OneTimeToken;
        return Spec("portal", portal, [], environment) with { StopWithin = TimeSpan.FromSeconds(5) };
    }

    private void Stores(Dictionary<string, string> environment)
    {
        environment["ConnectionStrings__gatewaydb"] = facts.Database;
        if (facts.Cache is not null)
            environment["ConnectionStrings__cache"] = facts.Cache;
        environment["Gateway__MasterKey"] = facts.Secrets.MasterKey;
    }

    // A heap per core buys nothing for one developer and costs memory and start-up time.
    private static Dictionary<string, string> SmallHeap(Dictionary<string, string> environment)
    {
        environment.TryAdd("DOTNET_gcServer", "0");
        return environment;
    }

    private static ChildSpec Spec(string name, ServiceProgram program, string[] arguments, Dictionary<string, string> environment) =>
        new(name, ServiceProgram.DotnetPath, [program.Assembly, .. arguments])
        {
            Environment = environment,
            WorkingDirectory = program.ContentRoot,
        };
}
