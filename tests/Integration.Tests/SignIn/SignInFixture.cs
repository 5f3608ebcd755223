using AspireGateway.Integration.Tests.Gateway;
using AspireGateway.Integration.Tests.Portal;
using AspireGateway.Integration.Tests.Stores;
using Microsoft.Playwright;
using Npgsql;
using static Microsoft.Playwright.Assertions;

namespace AspireGateway.Integration.Tests.SignIn;

/// <summary>A portal in a process of its own, a real OpenID provider in another, and a browser that has never been here.</summary>
public sealed class SignInFixture(StoresFixture stores) : IAsyncLifetime
{
    public const string AdminToken = "an-admin-token-of-the-sign-in-tests";

    private IPlaywright? playwright;
    private IBrowser? browser;

    internal GatewayWorld World { get; private set; } = null!;

    internal IdentityProvider Provider { get; private set; } = null!;

    internal PortalProcess Portal { get; private set; } = null!;

    /// <inheritdoc />
    public async ValueTask InitializeAsync()
    {
        World = await GatewayWorld.CreateAsync(await stores.Postgres.CreateDatabaseAsync());
        var address = new Uri($"http://127.0.0.1:{FreePorts.Next()}");
        Provider = await IdentityProvider.StartAsync(address);
        Portal = await PortalProcess.StartAsync(
            address, World.Database, World.MasterKey, new Uri("http://127.0.0.1:9"), stores.Redis.ConnectionString, $"Portal__PublicUrl={address}", $"Portal__AdminToken={AdminToken}",
            $"Portal__Oidc__Authority={Provider.Issuer.ToString().TrimEnd('/')}", $"Portal__Oidc__ClientId={IdentityProvider.ClientId}",
            $"Portal__Oidc__ClientSecret={IdentityProvider.ClientSecret}", "Portal__Oidc__OperatorGroups=gateway-operators", "Portal__Oidc__DisplayName=Example ID",
            "Portal__Session__RecheckSeconds=1");
        SetDefaultExpectTimeout(20_000);
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Environment.GetEnvironmentVariable("CHROMIUM_PATH") ?? "/usr/bin/chromium", Timeout = 120_000,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (browser is not null) await browser.DisposeAsync();
        playwright?.Dispose();
        if (Portal is not null) await Portal.DisposeAsync();
        if (Provider is not null) await Provider.DisposeAsync();
        if (World is not null) await World.DisposeAsync();
    }

    /// <summary>A browser window of somebody who was never here.</summary>
    internal async Task<Visit> OpenAsync(string? theme = null, int width = 1440)
    {
        var context = await browser!.NewContextAsync(new() { BaseURL = Portal.Address.ToString(), ViewportSize = new() { Width = width, Height = 900 }, ReducedMotion = ReducedMotion.Reduce });
        // Generous: the machine may be busy with the rest of the tests.
        context.SetDefaultTimeout(30_000);
        if (theme is not null) await context.AddCookiesAsync([new() { Name = "agw-theme", Value = theme, Url = Portal.Address.ToString() }]);
        // The provider's pages ask for fonts of the internet.
        return new Visit(context, await context.NewPageAsync(), Portal.Address.ToString());
    }

    /// <summary>Goes through the doors of portal and provider.</summary>
    internal static async Task SignInAsync(Visit visit, string person)
    {
        await visit.Page.GotoAsync("/signin");
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Sign in with Example ID" }).ClickAsync();
        await LogInAsync(visit, person);
    }

    /// <summary>Fills in the provider's form.</summary>
    internal static async Task LogInAsync(Visit visit, string person)
    {
        await visit.Page.Locator("input[name=login]").FillAsync(person);
        await visit.Page.Locator("input[name=password]").FillAsync("any");
        await visit.Page.Locator("button[type=submit]").ClickAsync();
    }

    /// <summary>Maps a group to a role in the organisation, and perhaps its team.</summary>
    internal async Task<Guid> MapAsync(string group, string role, bool team = false)
    {
        using var http = Api();
        using var answer = await http.PostAsync("/api/sign-in-mappings?organization=acme", new StringContent(
            $$"""{"value":"{{group}}","role":"{{role}}"{{(team ? $",\"team_id\":\"{World.Team}\"" : "")}}}""", System.Text.Encoding.UTF8, "application/json"));
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, body);
        using var made = System.Text.Json.JsonDocument.Parse(body);
        return made.RootElement.GetProperty("id").GetGuid();
    }

    /// <summary>Takes a row of the mapping away.</summary>
    internal async Task UnmapAsync(Guid mapping)
    {
        using var http = Api();
        using var answer = await http.DeleteAsync(new Uri($"/api/sign-in-mappings/{mapping}?organization=acme", UriKind.Relative));
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>The API with the admin token.</summary>
    internal HttpClient Api() => new() { BaseAddress = Portal.Address, DefaultRequestHeaders = { { "Authorization", "Bearer " + AdminToken } } };

    /// <summary>Runs SQL of these tests.</summary>
    internal async Task<object?> SqlAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(World.Database);
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }
}
