using System.Net.Http.Headers;
using System.Security.Cryptography;
using AspireGateway.Portal.Alerts.Digests;
using AspireGateway.Portal.Alerts.Watch;
using AspireGateway.Portal.Benchmarks.Runs;
using AspireGateway.Portal.Content.Keeping;
using AspireGateway.Portal.Partitions;
using AspireGateway.Portal.Quarantine;
using AspireGateway.Portal.Repricing;
using AspireGateway.Portal.RollUps;
using AspireGateway.Portal.Security;
using AspireGateway.Portal.UsageExports;
using AspireGateway.Portal.Webhooks;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace AspireGateway.Portal.Tests.Host;

/// <summary>A portal on a database of its own, as Program.cs builds it.</summary>
public sealed class PortalHost(PostgresFixture postgres, RedisFixture redis) : IAsyncLifetime
{
    public const string AdminToken = "test-admin-token-of-some-length";
    public const string OneTimeToken = "test-one-time-token-of-some-length";

    private WebApplicationFactory<Program> factory = null!;

    public static string MasterKey { get; } = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    public string ConnectionString { get; private set; } = "";

    public string RedisAddress => redis.Server.ConnectionString;

    public LogSink Logs { get; } = new();

    /// <summary>Calls the API with the admin token.</summary>
    public HttpClient Api { get; private set; } = null!;

    public IServiceProvider Services => factory.Services;

    public async ValueTask InitializeAsync()
    {
        ConnectionString = await postgres.Server.CreateDatabaseAsync();
        factory = Create(ConnectionString);
        Api = Client();
        Api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", AdminToken);
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync();
        await DayPartitions.EnsureAsync(connection, Now(), CancellationToken.None);
        await DayPartitions.EnsureAsync(connection, Now().AddDays(-1), CancellationToken.None);
    }

    /// <summary>Another portal on the same database, as a replica or after a restart.</summary>
    public WebApplicationFactory<Program> Replica() => Create(ConnectionString);

    /// <summary>The same database behind a portal of other settings.</summary>
    public WebApplicationFactory<Program> With(string environment, params (string Key, string Value)[] settings) => Create(ConnectionString).WithWebHostBuilder(builder =>
    {
        builder.UseEnvironment(environment);
        foreach (var (key, value) in settings) builder.UseSetting(key, value);
    });

    /// <summary>A client that follows no redirect and keeps its cookies.</summary>
    public HttpClient Client() => factory.CreateClient(new() { AllowAutoRedirect = false });

    public T Get<T>() where T : notnull => factory.Services.GetRequiredService<T>();

    public GatewayDbContext Db() => Get<IDbContextFactory<GatewayDbContext>>().CreateDbContext();

    public async Task<Guid> AddOrganisationAsync(string? slug = null)
    {
        await using var db = Db();
        var organisation = new Organisation { Id = NewId(), Slug = slug ?? $"o-{Guid.NewGuid():N}", Name = "Organisation", CreatedAt = Now() };
        db.Organisations.Add(organisation);
        await db.SaveChangesAsync();
        return organisation.Id;
    }

    public async Task<Guid> AddTeamAsync(Guid organisation, params string[] allowedModels)
    {
        await using var db = Db();
        var team = new Team
        {
            Id = NewId(), OrganisationId = organisation, Slug = $"t-{Guid.NewGuid():N}", Name = "Team", AllowedModels = allowedModels, CreatedAt = Now(),
        };
        db.Teams.Add(team);
        await db.SaveChangesAsync();
        return team.Id;
    }

    public async Task<Guid> AddUserAsync(Guid organisation, string role, params Guid[] teams)
    {
        await using var db = Db();
        var user = new User
        {
            Id = NewId(), OrganisationId = organisation, Email = $"{Guid.NewGuid():N}@example.org", DisplayName = "User", Role = role, CreatedAt = Now(),
        };
        db.Users.Add(user);
        db.TeamMembers.AddRange(teams.Select(t => new TeamMember { TeamId = t, UserId = user.Id, IsLead = role == Roles.TeamLead }));
        await db.SaveChangesAsync();
        return user.Id;
    }

    public static Actor Actor(string role, Guid? organisation, Guid? user = null, params Guid[] teams) => new()
    {
        Name = $"{role}@example.org", Roles = [role], OrganisationId = organisation, TeamIds = teams, UserId = user, RemoteAddress = "192.0.2.1",
    };

    public static Guid NewId() => Guid.CreateVersion7();

    public static DateTimeOffset Now()
    {
        var now = TimeProvider.System.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
    }

    public async Task<long> RevisionAsync()
    {
        await using var db = Db();
        return (await db.ConfigurationStates.AsNoTracking().SingleAsync()).Revision;
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var command = Get<NpgsqlDataSource>().CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<T> ScalarAsync<T>(string sql)
    {
        await using var command = Get<NpgsqlDataSource>().CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async ValueTask DisposeAsync()
    {
        Api?.Dispose();
        if (factory is not null) await factory.DisposeAsync();
        NpgsqlConnection.ClearAllPools();
    }

    private WebApplicationFactory<Program> Create(string connectionString) => new WebApplicationFactory<Program>().WithWebHostBuilder(builder => builder
        .UseEnvironment("Development")
        .UseSetting("ConnectionStrings:gatewaydb", connectionString)
        .UseSetting("ConnectionStrings:cache-data", redis.Server.ConnectionString)
        .UseSetting("Gateway:MasterKey", MasterKey)
        .UseSetting("Portal:AdminToken", AdminToken)
        .UseSetting("Portal:OneTimeToken", OneTimeToken)
        // Tests say when it is time to announce and to deliver, to work on benchmark runs, to roll up usage, to end quarantined requests to delete kept texts and to look for what is unusual.
        .ConfigureTestServices(services =>
        {
            foreach (var worker in (Type[])[typeof(WebhookWorker), typeof(BenchmarkWorker), typeof(RollUpWorker), typeof(RepricingWorker), typeof(ExportWorker), typeof(QuarantineWorker), typeof(ContentRetention), typeof(PageWatch), typeof(DigestWorker)])
                services.Remove(services.Single(s => s.ServiceType == typeof(IHostedService) && s.ImplementationType == worker));
        })
        .ConfigureLogging(logging => logging.AddProvider(Logs)));
}
