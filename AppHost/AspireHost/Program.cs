// The Aspire host: the same resources as the local host (Local/Start/LocalHost.cs), with containers for the stores.
// docs/operations/aspire.md tells what to configure.
using AspireGateway.AppHost.AspireHost;
using Microsoft.Extensions.Hosting;

var builder = DistributedApplication.CreateBuilder(args);
var isRun = builder.ExecutionContext.IsRunMode;

// Stores. Redis holds money counters: a password, an append-only file on a volume, and no eviction.
var cache = builder.AddRedis("cache")
    .WithDataVolume()
    .WithPersistence(TimeSpan.FromMinutes(1), keysChangedThreshold: 100)
    .WithLifetime(ContainerLifetime.Persistent)
    .WithMoneySafeRedis();

var gatewayDb = builder.AddPostgres("postgres")
    .WithDataVolume()
    .WithLifetime(ContainerLifetime.Persistent)
    .AddDatabase("gatewaydb");

// Secrets. In run mode they are made up once and kept in the user secrets; when publishing they are asked for.
var masterKey = builder.AddSecret("gateway-master-key", new RandomSecret(RandomSecret.MasterKey),
    "Encrypts provider credentials: base64 of 32 bytes (openssl rand -base64 32)");
var demoKey = builder.AddSecret("demo-key", new RandomSecret(RandomSecret.DemoKey),
    "Virtual key of the seeded demo team: agw- and at least 22 url-safe characters");
var adminToken = builder.AddSecret("portal-admin-token", new RandomSecret(RandomSecret.Token),
    "Bearer of the portal's REST API");
var providerKeys = ProviderKeys.AddConfigured(builder);

// Migration: a step of its own that gateway and portal wait for, and the only one to see the providers' keys.
var migration = builder.AddProject<Projects.Portal>("migration", options => options.ExcludeLaunchProfile = true)
    .WithArgs("migrate")
    .WithReference(gatewayDb)
    .WaitFor(gatewayDb)
    .WithEnvironment("Gateway__MasterKey", masterKey)
    .WithEnvironment("Seed__DemoKey", demoKey)
    .WithCommonEnvironment(builder.Environment);
foreach (var (variable, key) in providerKeys)
    migration.WithEnvironment(variable, key);

// Without any provider key the seed's models live on the simulator, so that the first request needs no account.
if (isRun && providerKeys.Count == 0)
{
    var simulator = builder.AddProject<Projects.Simulator>("simulator", options => options.ExcludeLaunchProfile = true)
        .WithHttpEndpoint(port: 8089, name: "http")
        .WithHttpHealthCheck("/health")
        .WithCommonEnvironment(builder.Environment);
    migration.WithEnvironment("Seed__SimulatorUrl", simulator.GetEndpoint("http"));
}

var gateway = builder.AddProject<Projects.Gateway>("gateway", options => options.ExcludeLaunchProfile = true)
    .WithHttpEndpoint(port: 8080, name: "http")
    .WithReference(cache)
    .WithReference(gatewayDb)
    .WaitFor(cache)
    .WaitFor(gatewayDb)
    .WaitForCompletion(migration)
    .WithEnvironment("Gateway__MasterKey", masterKey)
    // The journal must outlive the process. A published gateway mounts a volume here, one for each replica.
    .WithEnvironment("Gateway__DataPath", isRun
        ? Path.GetFullPath(Path.Combine(builder.AppHostDirectory, "..", ".data", "aspire", "gateway"))
        : "/var/lib/aspire-gateway")
    .WithHttpHealthCheck("/health/ready")
    .WithExternalHttpEndpoints()
    .WithUrlForEndpoint("http", url => url.DisplayText = "Gateway API")
    .WithCommonEnvironment(builder.Environment);

var portal = builder.AddProject<Projects.Portal>("portal", options => options.ExcludeLaunchProfile = true)
    .WithHttpEndpoint(port: 8081, name: "http")
    .WithReference(gateway)
    .WithReference(cache)
    .WithReference(gatewayDb)
    .WaitFor(gateway)
    .WaitForCompletion(migration)
    .WithEnvironment("Gateway__MasterKey", masterKey)
    .WithEnvironment("Portal__AdminToken", adminToken)
    .WithSignIn()
    .WithHttpHealthCheck("/health/ready")
    .WithExternalHttpEndpoints()
    .WithCommonEnvironment(builder.Environment);

// One-time sign-in, new at each start; the portal refuses such links in Production.
if (isRun && !builder.Environment.IsProduction())
{
    var token = RandomSecret.Token();
    portal.WithEnvironment("Portal__OneTimeToken", builder.AddParameter("portal-one-time-token", () => token, secret: true))
        .WithUrlForEndpoint("http", url =>
        {
            url.Url = $"/signin?token={token}";
            url.DisplayText = "Portal (one-time sign-in)";
        });
}

builder.Build().Run();
