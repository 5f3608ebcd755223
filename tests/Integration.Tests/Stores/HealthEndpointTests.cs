using System.Diagnostics;
using System.Net;
using System.Text.Json;
using AspireGateway.ServiceDefaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AspireGateway.Integration.Tests.Stores;

// A check has two seconds, and an answer four: both are told by the clock.
[Collection(nameof(Gateway.Alone))]
public sealed class HealthEndpointTests(StoresFixture stores)
{
    [Fact]
    public async Task Ready_StoresUp_IsHealthy()
    {
        await using var app = await StartAsync(await stores.Postgres.CreateDatabaseAsync(), stores.Redis.ConnectionString);

        var (status, body) = await GetAsync(app, "/health/ready");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("healthy", body.GetProperty("status").GetString());
        Assert.Equal("healthy", Check(body, "PostgreSql"));
        Assert.Equal("healthy", Check(body, "StackExchange.Redis"));
    }

    [Fact]
    public async Task Ready_NothingListens_SaysWhichStoreAndTellsNoAddress()
    {
        await using var app = await StartAsync("Host=127.0.0.1;Port=1;Username=someone;Password=secret", "127.0.0.1:1,password=secret");

        var (status, body) = await GetAsync(app, "/health/ready");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Equal("unhealthy", Check(body, "PostgreSql"));
        Assert.Equal("degraded", Check(body, "StackExchange.Redis"));
        Assert.DoesNotContain("127.0.0.1", body.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", body.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(app, "/health/live")).Status);
    }

    [Fact]
    public async Task Ready_WithoutRedis_SaysNotConfigured()
    {
        await using var app = await StartAsync(await stores.Postgres.CreateDatabaseAsync(), null);

        var (status, body) = await GetAsync(app, "/health/ready");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("not configured", body.GetProperty("checks").GetProperty("StackExchange.Redis").GetProperty("description").GetString());
    }

    [Fact]
    public async Task Ready_StoresFrozen_AnswersWithinTheChecksLimits()
    {
        await using var postgres = await PostgresServer.StartPrivateAsync();
        await using var redis = await RedisServer.StartPrivateAsync();
        await using var app = await StartAsync(await postgres.CreateDatabaseAsync(), redis.ConnectionString);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(app, "/health/ready")).Status);

        await postgres.FreezeAsync();
        await redis.FreezeAsync();
        // The outcome of before is kept for a second.
        var answers = new List<TimeSpan>();
        await Eventually.HoldsAsync(
            async () =>
            {
                var started = Stopwatch.GetTimestamp();
                var (status, body) = await GetAsync(app, "/health/ready");
                answers.Add(Stopwatch.GetElapsedTime(started));
                return status == HttpStatusCode.ServiceUnavailable && Check(body, "PostgreSql") == "unhealthy" && Check(body, "StackExchange.Redis") == "degraded";
            },
            TimeSpan.FromSeconds(20), "both stores are said to be away");
        Assert.InRange(answers.Max(), TimeSpan.Zero, TimeSpan.FromSeconds(4));

        await postgres.ThawAsync();
        await redis.ThawAsync();
        await Eventually.HoldsAsync(async () => (await GetAsync(app, "/health/ready")).Status == HttpStatusCode.OK, TimeSpan.FromSeconds(20), "both are back");
    }

    [Fact]
    public async Task Ready_RedisThatMayEvict_IsDegraded()
    {
        await using var redis = await RedisServer.StartPrivateAsync("allkeys-lru");
        await using var app = await StartAsync(await stores.Postgres.CreateDatabaseAsync(), redis.ConnectionString);

        var (status, body) = await GetAsync(app, "/health/ready");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("degraded", body.GetProperty("status").GetString());
        Assert.Equal("allkeys-lru", body.GetProperty("checks").GetProperty("StackExchange.Redis").GetProperty("data").GetProperty("maxmemory_policy").GetString());
    }

    [Fact]
    public async Task Ready_CheckThatThrowsOrIgnoresItsToken_NeitherHangsNorLeaks()
    {
        using var never = new SemaphoreSlim(0);
        await using var app = await StartAsync(await stores.Postgres.CreateDatabaseAsync(), null, checks => checks
            .AddCheck("throws", () => throw new InvalidOperationException("secret"))
            .AddAsyncCheck("hangs", async () =>
            {
                await never.WaitAsync();
                return HealthCheckResult.Healthy();
            }));

        var (status, body) = await GetAsync(app, "/health/ready").WaitAsync(TimeSpan.FromSeconds(10));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Equal("unhealthy", Check(body, "throws"));
        Assert.Equal("unhealthy", Check(body, "hangs"));
        Assert.DoesNotContain("secret", body.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ready_AskedByMany_ChecksOnce()
    {
        var runs = 0;
        await using var app = await StartAsync(await stores.Postgres.CreateDatabaseAsync(), null, checks => checks.AddCheck("counted", () =>
        {
            Interlocked.Increment(ref runs);
            return HealthCheckResult.Healthy();
        }));

        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => GetAsync(app, "/health/ready")));

        // At most a run a second, however slow the machine.
        Assert.InRange(runs, 1, 10);
    }

    [Theory]
    [InlineData(null, "is not set")]
    [InlineData("Host=127.0.0.1;Pasword=secret", "is not a Postgres connection string")]
    public void DataSource_MissingOrMisspelt_SaysWhichSettingAndNoValue(string? connectionString, string said)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection([new("ConnectionStrings:gatewaydb", connectionString)]);

        var fault = Assert.Throws<InvalidOperationException>(() => builder.AddNpgsqlDataSource("gatewaydb"));

        Assert.Contains("ConnectionStrings__gatewaydb " + said, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", fault.ToString(), StringComparison.Ordinal);
    }

    private static async Task<WebApplication> StartAsync(string postgres, string? redis, Action<IHealthChecksBuilder>? more = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection([new("ConnectionStrings:gatewaydb", postgres), new("ConnectionStrings:cache", redis)]);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.AddServiceDefaults();
        builder.Logging.ClearProviders();
        builder.AddNpgsqlDataSource("gatewaydb");
        builder.AddRedisClient("cache");
        more?.Invoke(builder.Services.AddHealthChecks());
        var app = builder.Build();
        app.MapDefaultEndpoints();
        await app.StartAsync();
        return app;
    }

    private static async Task<(HttpStatusCode Status, JsonElement Body)> GetAsync(WebApplication app, string path)
    {
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        using var response = await client.GetAsync(new Uri(path, UriKind.Relative));
        using var document = JsonDocument.Parse(await response.Content.ReadAsStreamAsync());
        return (response.StatusCode, document.RootElement.Clone());
    }

    private static string? Check(JsonElement body, string name) => body.GetProperty("checks").GetProperty(name).GetProperty("status").GetString();
}
