using AspireGateway.Integration.Tests.Gateway;
using AspireGateway.Integration.Tests.Spending;
using AspireGateway.Integration.Tests.Stores;
using Microsoft.Playwright;

namespace AspireGateway.Integration.Tests.Portal;

/// <summary>One installation with a portal, a gateway and a browser that is signed in, shared by the journeys. Each journey gets a tab of its own.</summary>
public sealed class PortalFixture(StoresFixture stores) : IAsyncLifetime
{
    private IPlaywright? playwright;
    private IBrowser? browser;
    private string session = "";

    internal GatewayWorld World { get; private set; } = null!;

    internal GatewayProcess Gateway { get; private set; } = null!;

    internal PortalProcess Portal { get; private set; } = null!;

    internal string Redis => stores.Redis.ConnectionString;

    /// <inheritdoc />
    public async ValueTask InitializeAsync()
    {
        World = await GatewayWorld.CreateAsync(await stores.Postgres.CreateDatabaseAsync());
        // One organisation, one hash tag: the shared Redis holds this world's ledger apart from every other's.
        var redis = Redis;
        Gateway = await World.StartGatewayAsync(settings: [$"ConnectionStrings__cache={redis}", SpendingWorld.Patient]);
        Portal = await PortalProcess.StartAsync(World.Database, World.MasterKey, Gateway.Address, redis);
        Assertions.SetDefaultExpectTimeout(20_000);
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Environment.GetEnvironmentVariable("CHROMIUM_PATH") ?? "/usr/bin/chromium", Timeout = 120_000,
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
            ],
        });
        await using (var first = await OpenAsync())
        {
            await first.Page.GotoAsync(Portal.SignInLink.ToString());
            session = await first.Page.Context.StorageStateAsync();
        }
        await RecordRequestsAsync();
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (browser is not null) await browser.DisposeAsync();
        playwright?.Dispose();
        if (Portal is not null) await Portal.DisposeAsync();
        if (World is not null) await World.DisposeAsync();
    }

    /// <summary>A tab of its own.</summary>
    /// <param name="theme"><c>light</c> or <c>dark</c>; null = nothing was ever chosen.</param>
    /// <param name="width">Width of the window in pixels.</param>
    /// <param name="signedIn">False = a visitor without a session.</param>
    internal async Task<Visit> OpenAsync(string? theme = null, int width = 1440, bool signedIn = true)
    {
        var context = await browser!.NewContextAsync(new()
        {
            BaseURL = Portal.Address.ToString(),
            StorageState = signedIn && session.Length > 0 ? session : null,
            ViewportSize = new() { Width = width, Height = 900 },
            ReducedMotion = ReducedMotion.Reduce,
        });
        // Generous: the machine may be busy with the rest of the tests.
        context.SetDefaultTimeout(30_000);
        if (theme is not null) await context.AddCookiesAsync([new() { Name = "agw-theme", Value = theme, Url = Portal.Address.ToString() }]);
        return new Visit(context, await context.NewPageAsync());
    }

    private async Task RecordRequestsAsync()
    {
        foreach (var model in (string[])["small", "small", "chain"])
        {
            using var answer = await Gateway.ChatAsync(World.Key, $$"""{"model":"{{model}}","messages":[{"role":"user","content":"hello"}]}""");
            await answer.Content.ReadAsByteArrayAsync();
        }
        using var refused = await Gateway.ChatAsync(World.Key, """{"model":"nowhere","messages":[{"role":"user","content":"hello"}]}""");
        await refused.Content.ReadAsByteArrayAsync();
        await Eventually.HoldsAsync(async () => (await World.RecordsAsync()).Count >= 4, TimeSpan.FromSeconds(30), "the requests are recorded");
    }
}

/// <summary>All tests of the pages share one installation and one browser.</summary>
[CollectionDefinition(nameof(PortalPages))]
public sealed class PortalPages : ICollectionFixture<PortalFixture>;
