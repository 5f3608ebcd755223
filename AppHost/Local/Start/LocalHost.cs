using AspireGateway.AppHost.Local.Children;
using AspireGateway.AppHost.Local.Data;
using AspireGateway.AppHost.Local.Output;
using AspireGateway.AppHost.Local.Replicas;
using AspireGateway.AppHost.Local.Stores;

namespace AspireGateway.AppHost.Local.Start;

/// <summary>
/// Starts the same resources as the Aspire host, as child processes: stores, migration, simulator, gateway, portal. Each step ends in a fault or
/// leads to the next; whatever happens, what was started is stopped in reverse order.
/// </summary>
internal sealed class LocalHost(LocalHostOptions options, HostConsole console, TimeProvider time)
{
    private static readonly TimeSpan s_migrationDeadline = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan s_formerDeadline = TimeSpan.FromSeconds(15);
    private const string PostgresUser = "postgres";

    /// <summary>Runs until a signal or a failure; 0 after a signal, 1 after a failure.</summary>
    public async Task<int> RunAsync()
    {
        var start = time.GetTimestamp();
        if (DataFolder.FindRoot(AppContext.BaseDirectory) is not { } root)
            return Refuse(new Fault("AspireGateway.sln was not found above the program: start the local host from the cloned repository"));
        var opened = DataFolder.Open(options.DataPath ?? Path.Combine(root, ".data"));
        if (opened.Fault is { } closed)
            return Refuse(closed);

        using var data = opened.Value;
        var runFile = data.In(RunFile.Name);
        File.Delete(runFile);

        var commandLine = CommandLine.ForMachine();
        using var supervisor = new Supervisor(new ChildStarter(commandLine, console.Log), console, time);
        using var signals = new StopSignals(supervisor, console, time);
        _ = WatchParentAsync(supervisor);

        GatewayFront? front = null;
        try
        {
            var fault = await StartAsync(root, data, commandLine, supervisor, f => front = f, start);
            if (fault is not null)
                supervisor.Fail(fault);
            else
                await Task.Delay(Timeout.InfiniteTimeSpan, time, supervisor.Halt);
        }
        catch (OperationCanceledException) when (supervisor.Halt.IsCancellationRequested)
        {
            // A signal, or a child that ended: said already.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A full disk, a file that someone else made unreadable: the system's own words name it.
            supervisor.Fail(new Fault($"{e.Message} (data folder {data.FullPath})"));
        }
        finally
        {
            File.Delete(runFile);
            if (front is not null)
                await front.DisposeAsync();
            if (await supervisor.StopAllAsync())
                console.Say("stopped");
        }

        return supervisor.Failed ? 1 : 0;
    }

    private int Refuse(Fault fault)
    {
        console.Error(fault.Message);
        return 1;
    }

    /// <remarks>
    /// 1. what the machine and the data folder have; 2. ports; 3. stores; 4. migration; 5. simulator, gateways, portal; 6. tell.
    /// </remarks>
    private async Task<Fault?> StartAsync(
        string root, DataFolder data, CommandLine commandLine, Supervisor supervisor, Action<GatewayFront> keepFront, long start)
    {
        var halt = supervisor.Halt;
        var host = ChildEnvironment.OfProcess();
        var toolEnvironment = host.ForTool();
        var tool = new Tool(commandLine, time);

        // 1. What is there?
        var gateway = ServiceProgram.Find(root, "Gateway");
        var portal = ServiceProgram.Find(root, "Portal");
        var simulator = ServiceProgram.Find(root, Path.Combine("tests", "Simulator"));
        if ((gateway.Fault ?? portal.Fault ?? simulator.Fault) is { } notBuilt)
            return notBuilt;

        string? runAs = Environment.IsPrivilegedProcess ? PostgresUser : null;
        if (runAs is not null && !commandLine.CanSwitchUser)
            return new Fault("Postgres refuses to run as root and setpriv is missing: install util-linux, or start as another user");
        if (runAs is not null && !File.ReadLines("/etc/passwd").Any(line => line.StartsWith($"{PostgresUser}:", StringComparison.Ordinal)))
            return new Fault($"Postgres refuses to run as root and there is no user {PostgresUser}: install postgresql (./run.sh does it), or start as another user");

        var databaseFolder = new DatabaseFolder(data, new FolderAccess(tool, toolEnvironment));
        var secrets = HostSecrets.LoadOrCreate(data.In("secrets.json"), databaseFolder.Exists());
        if (secrets.Fault is { } noSecrets)
            return noSecrets;
        var folder = await databaseFolder.ResolveAsync(runAs, halt);
        if (folder.Fault is { } noFolder)
            return noFolder;
        var cluster = PostgresServer.ClusterFolder(folder.Value);
        var binaries = await PostgresBinaries.ChooseAsync(PostgresBinaries.Candidates(), cluster, async program =>
            PostgresBinaries.ParseMajor((await tool.RunAsync(program, ["--version"], toolEnvironment, TimeSpan.FromSeconds(10), halt)).Output));
        if (binaries.Fault is { } noBinaries)
            return noBinaries;
        var redisProgram = Programs.Find("redis-server");
        if (redisProgram is null && options.Replicas > 1)
            return new Fault("--replicas needs Redis to share limits between gateways: install it (Debian and Ubuntu: apt install redis-server; or ./run.sh as root does it)");
        if (redisProgram is null)
            console.Say("no redis-server found: the gateway keeps its counters in its own process, and they start at zero each time (apt install redis-server)");

        // The demo models of a data folder that was seeded without keys live on the simulator, also when there are keys by now.
        var simulatorMarker = data.In("uses-simulator");
        var withSimulator = !host.HasProviderKey || File.Exists(simulatorMarker);
        if (host.HasProviderKey && withSimulator)
            console.Say("provider keys are read at the first start only: add the provider in the portal, or delete the data folder");

        // 2. Where does each listen?
        var redisFolder = data.Private("redis");
        if (await FormerAsync(Path.Combine(cluster, "postmaster.pid"), "postgres", halt) is { } postgresRuns)
            return postgresRuns;
        if (await FormerAsync(RedisServer.ProcessIdFile(redisFolder), "redis-server", halt) is { } redisRuns)
            return redisRuns;
        var ports = PortPlan.Create(options.PortBase, options.Replicas, PortProbe.IsFree, PortProbe.AnyFree);
        if ((PortProbe.Busy("gateway", ports.Gateway) ?? PortProbe.Busy("portal", ports.Portal)
            ?? (withSimulator ? PortProbe.Busy("simulator", ports.Simulator) : null)) is { } busy)
            return busy;

        // 3. Stores, side by side.
        using var readiness = new Readiness(console, time);
        var postgres = new PostgresServer(binaries.Value, folder.Value, ports.Postgres, secrets.Value.PostgresPassword, runAs, tool, toolEnvironment);
        var redis = redisProgram is null ? null : new RedisServer(redisProgram, redisFolder, ports.Redis, secrets.Value.RedisPassword, toolEnvironment);
        var stores = await Task.WhenAll(
            StartPostgresAsync(postgres, supervisor, readiness),
            redis is null ? Task.FromResult<Fault?>(null) : StartRedisAsync(redis, supervisor, readiness));
        if ((stores[0] ?? stores[1]) is { } noStore)
            return noStore;

        // 4. Migration.
        var oneTimeToken = host.AspNetEnvironment == "Production" ? null : HostSecrets.UrlSafe(32);
        var specs = new ServiceSpecs(
            new ServiceFacts(secrets.Value, ports, postgres.ConnectionString, redis?.ConnectionString, oneTimeToken, withSimulator), host);
        var migration = await supervisor.RunToEndAsync(specs.Migration(portal.Value), s_migrationDeadline);
        if (migration.Fault is { } notMigrated)
            return notMigrated;
        if (await migration.Value.Exited is not 0 and var code)
            return new Fault($"the migration failed with exit code {code}: {migration.Value.LastLine}");
        if (withSimulator)
            await File.WriteAllTextAsync(simulatorMarker, "", halt);

        // 5. Services: each is started without waiting for the one before, and waited for in order.
        var gatewayUrl = $"http://{PortProbe.LoopbackHost}:{ports.Gateway}";
        var portalUrl = $"http://{PortProbe.LoopbackHost}:{ports.Portal}";
        if (withSimulator && (await supervisor.StartAsync(specs.Simulator(simulator.Value))).Fault is { } noSimulator)
            return noSimulator;
        var gateways = Gateways(ports, gatewayUrl);
        GatewayFront? front = null;
        foreach (var (name, url) in gateways)
        {
            var dataPath = data.Private("gateway", name == "gateway" ? "1" : name["gateway-".Length..]);
            var started = await supervisor.StartAsync(specs.Gateway(gateway.Value, name, url, dataPath), child => front?.Remove(child.Spec.Name) > 0);
            if (started.Fault is { } noGateway)
                return noGateway;
        }

        if ((await supervisor.StartAsync(specs.Portal(portal.Value, portalUrl, $"http://127.0.0.1:{ports.Gateway}"))).Fault is { } noPortal)
            return noPortal;

        if (withSimulator && await readiness.ForHttpAsync("simulator", $"{specs.SimulatorUrl}/health", halt) is { } simulatorFault)
            return simulatorFault;
        foreach (var (name, url) in gateways)
        {
            if (await readiness.ForHttpAsync(name, $"{url}/health/ready", halt) is { } gatewayFault)
                return gatewayFault;
        }

        if (gateways.Count > 1)
        {
            front = await GatewayFront.StartAsync(gatewayUrl, gateways, console, halt);
            keepFront(front);
            if (await readiness.ForHttpAsync("front", $"{gatewayUrl}/health/ready", halt) is { } frontFault)
                return frontFault;
        }

        if (await readiness.ForHttpAsync("portal", $"{portalUrl}/health/ready", halt) is { } portalFault)
            return portalFault;

        // 6. Tell.
        var publicPortal = $"http://localhost:{ports.Portal}";
        var run = new RunFile(
            $"http://localhost:{ports.Gateway}", publicPortal, withSimulator ? specs.SimulatorUrl : null,
            secrets.Value.DemoKey, secrets.Value.AdminToken, oneTimeToken is null ? null : $"{publicPortal}/signin?token={oneTimeToken}");
        run.Write(data.In(RunFile.Name));
        console.Plain(ReadyTable.Draw(run, data.FullPath, [.. gateways.Values], time.GetElapsedTime(start)));
        return null;
    }

    private static Dictionary<string, string> Gateways(PortPlan ports, string publicUrl) => ports.GatewayReplicas.Count == 1
        ? new Dictionary<string, string>(StringComparer.Ordinal) { ["gateway"] = publicUrl }
        : ports.GatewayReplicas.Select((port, index) => (Name: $"gateway-{index + 1}", Url: $"http://127.0.0.1:{port}"))
            .ToDictionary(r => r.Name, r => r.Url, StringComparer.Ordinal);

    private static async Task<Fault?> StartPostgresAsync(PostgresServer postgres, Supervisor supervisor, Readiness readiness)
    {
        if (await postgres.InitialiseAsync(supervisor.Halt) is { } notMade)
            return notMade;
        var started = await supervisor.StartAsync(postgres.Spec);
        if (started.Fault is { } notStarted)
            return notStarted;
        var processId = started.Value.ProcessId;
        return await readiness.ForAsync(PostgresServer.Name, _ => Task.FromResult(postgres.Probe(processId)), supervisor.Halt)
            ?? await postgres.CreateDatabaseAsync(supervisor.Halt);
    }

    private static async Task<Fault?> StartRedisAsync(RedisServer redis, Supervisor supervisor, Readiness readiness)
    {
        redis.WriteConfiguration();
        return (await supervisor.StartAsync(redis.Spec)).Fault
            ?? await readiness.ForAsync(RedisServer.Name, redis.ProbeAsync, supervisor.Halt);
    }

    /// <summary>Waits for the store of an earlier, killed host to end.</summary>
    private async Task<Fault?> FormerAsync(string processIdFile, string program, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        while (FormerServer.StillRunning(processIdFile, program) is { } processId)
        {
            if (time.GetElapsedTime(start) > s_formerDeadline)
                return new Fault($"{program} of an earlier start (process {processId}) still uses the data folder: stop it with kill {processId} and start again");
            await Task.Delay(TimeSpan.FromMilliseconds(100), time, cancellationToken);
        }

        return null;
    }

    private async Task WatchParentAsync(Supervisor supervisor)
    {
        try
        {
            if (await ParentWatch.WaitAsync(time, supervisor.Halt))
                supervisor.RequestStop("dotnet run is gone");
        }
        catch (OperationCanceledException)
        {
            // The host stops anyway.
        }
    }
}
