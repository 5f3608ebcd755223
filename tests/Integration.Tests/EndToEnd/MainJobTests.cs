using System.ClientModel;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using AspireGateway.Integration.Tests.Gateway;
using AspireGateway.Integration.Tests.Stores;
using Microsoft.Playwright;
using OpenAI;
using OpenAI.Chat;
using static Microsoft.Playwright.Assertions;

namespace AspireGateway.Integration.Tests.EndToEnd;

/// <summary>
/// What a newcomer does: start the host on an empty folder, call it with the official SDK, see the request with its cost in the portal, issue and revoke a
/// key, stop it with Ctrl-C, start it again.
/// </summary>
public sealed class MainJobTests
{
    // The first page of a fresh process on a busy machine.
    private static readonly LocatorAssertionsToBeVisibleOptions Patiently = new() { Timeout = 30_000 };

    [Fact]
    public async Task Newcomer_GetsAnAnswer_SeesItsCost_AndFindsItAgainAfterARestart()
    {
        var data = Directory.CreateTempSubdirectory("aspire-gateway-e2e-");
        var ports = LocalHostProcess.FreePortBase();
        try
        {
            await using (var host = await LocalHostProcess.StartAsync(data.FullName, ports))
            {
                await AskAsync(host);
                await SeeItInThePortalAsync(host);
                // A second is what is promised; a machine full of other tests may miss it now and then.
            for (var tries = 1; !await IssueAndRevokeAsync(host); tries++) Assert.True(tries < 3, "three revoked keys in a row were served for more than a second");
                await BackUpAsync(data.FullName);
                Assert.Contains("/signin?token=", await host.StopAsync(), StringComparison.Ordinal);
            }
            await Eventually.HoldsAsync(
                () => !Enumerable.Range(ports, 10).Any(LocalHostProcess.IsListening) && !RunsOn(data.FullName), TimeSpan.FromSeconds(30), "nothing is left running");
            Assert.False(File.Exists(Path.Combine(data.FullName, "run.json")));

            await using var again = await LocalHostProcess.StartAsync(data.FullName, ports);
            var requests = await Api(again).GetFromJsonAsync<JsonElement>("/api/requests?limit=50");
            Assert.Contains(requests.GetProperty("items").EnumerateArray(), item => item.GetProperty("request_id").GetString() == "e2e-first");
            ChatCompletion completion = await Chat(again).CompleteChatAsync("Hello again");
            Assert.NotEmpty(completion.Content[0].Text);
            await again.StopAsync();
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    private static async Task AskAsync(LocalHostProcess host)
    {
        ChatCompletion completion = await Chat(host).CompleteChatAsync("Hello");
        Assert.NotEmpty(completion.Content[0].Text);
        var pieces = 0;
        await foreach (var update in Chat(host).CompleteChatStreamingAsync("Hello"))
            pieces += update.ContentUpdate.Count;
        Assert.True(pieces > 1);

        using var http = new HttpClient { BaseAddress = host.Gateway };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", host.DemoKey);
        http.DefaultRequestHeaders.Add("x-request-id", "e2e-first");
        using var response = await http.PostAsJsonAsync("/v1/chat/completions", new { messages = new[] { new { role = "user", content = "Hello" } } });
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.True(decimal.Parse(response.Headers.GetValues("x-gateway-cost-usd").Single(), System.Globalization.CultureInfo.InvariantCulture) > 0);
    }

    // As docs/operations/backup.md says for a local host: its database is found, and its secrets go along, for its owner alone.
    private static async Task BackUpAsync(string data)
    {
        var backups = Path.Combine(data, "backups");
        await ChildProcess.RunAsync(
            "env", [$"PG_BIN={Path.GetDirectoryName(ServerFolder.Find("pg_dump"))}", Path.Combine(Builds.Root, "docs", "operations", "backup", "backup.sh"), backups, "--data", data]);
        Assert.True(new FileInfo(Assert.Single(Directory.GetFiles(backups, "*.dump"))).Length > 100_000);
        Assert.Single(Directory.GetFiles(backups, "*.sha256"));
        var secrets = Assert.Single(Directory.GetFiles(backups, "secrets-*.json"));
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(secrets));
    }

    private static async Task SeeItInThePortalAsync(LocalHostProcess host)
    {
        using var api = Api(host);
        JsonElement record = default;
        await Eventually.HoldsAsync(
            async () =>
            {
                var requests = await api.GetFromJsonAsync<JsonElement>("/api/requests?limit=50");
                return requests.GetProperty("items").EnumerateArray().Any(item =>
                {
                    record = item.Clone();
                    return item.GetProperty("request_id").GetString() == "e2e-first";
                });
            },
            TimeSpan.FromSeconds(20), "the request is in the ledger");
        Assert.True(record.GetProperty("cost_nano_usd").GetInt64() > 0);

        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Environment.GetEnvironmentVariable("CHROMIUM_PATH") ?? "/usr/bin/chromium", Timeout = 120_000,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
        var page = await browser.NewPageAsync();
        await page.GotoAsync(host.SignInUrl.ToString());
        await Expect(page.Locator("main h1")).ToBeVisibleAsync(Patiently);
        await page.GotoAsync(new Uri(host.Portal, "/requests").ToString());
        var rows = page.Locator("main tbody tr", new() { HasText = "demo-small" });
        await Expect(rows.First).ToBeVisibleAsync(Patiently);
        await Expect(rows.First).ToContainTextAsync("$");
        await page.GotoAsync(new Uri(host.Portal, $"/requests/{record.GetProperty("id").GetString()}").ToString());
        await Expect(page.GetByText("e2e-first").First).ToBeVisibleAsync(Patiently);

        // The link opens one session, once.
        await using var stranger = await browser.NewContextAsync();
        var late = await stranger.NewPageAsync();
        await late.GotoAsync(host.SignInUrl.ToString());
        await late.GotoAsync(new Uri(host.Portal, "/requests").ToString());
        Assert.Contains("/signin", late.Url, StringComparison.Ordinal);
    }

    // Whether the revoked key was refused within a second.
    private static async Task<bool> IssueAndRevokeAsync(LocalHostProcess host)
    {
        using var api = Api(host);
        var teams = await api.GetFromJsonAsync<JsonElement>("/api/teams");
        var team = teams.GetProperty("items")[0].GetProperty("id").GetGuid();
        using var issued = await api.PostAsJsonAsync("/api/keys", new { name = "e2e", team_id = team });
        var body = await issued.Content.ReadFromJsonAsync<JsonElement>();
        var (secret, id) = (body.GetProperty("secret").GetString()!, body.GetProperty("key").GetProperty("id").GetGuid());

        await Eventually.HoldsAsync(async () => await StatusAsync(host, secret) == HttpStatusCode.OK, TimeSpan.FromSeconds(30), "the new key serves");
        using var revoked = await api.PostAsync($"/api/keys/{id}/revoke", null);
        revoked.EnsureSuccessStatusCode();
        return await Eventually.HoldsAsync(async () => await StatusAsync(host, secret) == HttpStatusCode.Unauthorized, TimeSpan.FromSeconds(30), "the revoked key is refused") <= TimeSpan.FromSeconds(1);
    }

    private static async Task<HttpStatusCode> StatusAsync(LocalHostProcess host, string key)
    {
        using var http = new HttpClient { BaseAddress = host.Gateway };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var response = await http.GetAsync("/v1/key");
        return response.StatusCode;
    }

    private static HttpClient Api(LocalHostProcess host)
    {
        var http = new HttpClient { BaseAddress = host.Portal };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", host.AdminToken);
        return http;
    }

    private static ChatClient Chat(LocalHostProcess host) =>
        new OpenAIClient(new ApiKeyCredential(host.DemoKey), new OpenAIClientOptions { Endpoint = new Uri(host.Gateway, "v1") }).GetChatClient("demo-small");

    /// <summary>Whether any process of this machine was started for a data folder.</summary>
    private static bool RunsOn(string data)
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            try
            {
                if (int.TryParse(Path.GetFileName(folder), out var id) && id != Environment.ProcessId
                    && File.ReadAllText(Path.Combine(folder, "cmdline")).Contains(data, StringComparison.Ordinal)) return true;
            }
            catch (IOException)
            {
                // It ended while it was looked at.
            }
        }
        return false;
    }
}
