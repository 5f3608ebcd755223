using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

/// <summary>The portal's REST API, as an administrator uses it: teams, keys, budgets, limits, what is kept and what is looked for.</summary>
sealed class Office(Settings settings)
{
    readonly HttpClient http = new() { BaseAddress = new Uri(settings.Portal + "/api/"), DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", settings.AdminToken) } };

    public async Task<JsonElement> CallAsync(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        using var response = await http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        if (!response.IsSuccessStatusCode) throw new InvalidOperationException($"{method} {path}: {(int)response.StatusCode} {text}");
        return text.Length == 0 ? default : JsonDocument.Parse(text).RootElement;
    }

    public async Task<Guid> TeamAsync(string slug) => (await CallAsync(HttpMethod.Post, "teams", new { name = slug, slug })).GetProperty("id").GetGuid();

    public async Task<(Guid Id, string Secret)> KeyAsync(Guid team, string name)
    {
        var issued = await CallAsync(HttpMethod.Post, "keys", new { team_id = team, name });
        return (issued.GetProperty("key").GetProperty("id").GetGuid(), issued.GetProperty("secret").GetString()!);
    }

    public Task RevokeAsync(Guid key) => CallAsync(HttpMethod.Post, $"keys/{key}/revoke");

    public async Task<Guid> BudgetAsync(string kind, string? id, string period, decimal cap) =>
        (await CallAsync(HttpMethod.Post, "budgets", new { scope_kind = kind, scope_id = id, period, cap_usd = cap })).GetProperty("id").GetGuid();

    public Task LimitAsync(string kind, string? id, string unit, long amount, string? period) => CallAsync(HttpMethod.Post, "limits", new { scope_kind = kind, scope_id = id, unit, amount, period });

    /// <summary>The house in which the day is played.</summary>
    public async Task<House> FurnishAsync()
    {
        var house = new House();
        foreach (var (slug, keys) in new[] { ("search", 4), ("support", 4), ("writers", 4), ("thrifty", 2), ("crowd", 2), ("guests", 0) })
        {
            var team = house.Teams[slug] = await TeamAsync(slug);
            house.Keys[slug] = [];
            for (var i = 0; i < keys; i++) house.Keys[slug].Add((await KeyAsync(team, $"{slug} {i}")).Secret);
        }
        // Budgets on every scope; only the thrifty team's is ever reached. A half of it is added at noon.
        await BudgetAsync("global", null, "monthly", 1_000_000);
        await BudgetAsync("organisation", null, "monthly", 900_000);
        foreach (var kind in (string[])["team", "user", "key", "feature", "agent", "model"]) await BudgetAsync(kind, null, "daily", 100_000);
        house.Thrifty = await BudgetAsync("team", house.Teams["thrifty"].ToString(), "daily", 0.60m);
        // Limits that refuse at the peaks, and ones that never do.
        await LimitAsync("team", house.Teams["crowd"].ToString(), "requests", 80, "second");
        await LimitAsync("team", house.Teams["crowd"].ToString(), "concurrency", 24, null);
        await LimitAsync("key", null, "requests", 1_000_000, "minute");
        await LimitAsync("key", null, "tokens", 9_000_000_000, "minute");
        await LimitAsync("organisation", null, "concurrency", 100_000, null);
        await CallAsync(HttpMethod.Put, "caches", new { scope_kind = "team", scope_id = house.Teams["search"].ToString(), settings = new { mode = "exact" } });
        await CallAsync(HttpMethod.Put, "guardrails", new
        {
            scope_kind = "team", scope_id = house.Teams["support"].ToString(),
            settings = new { personal_data = new { level = "standard" }, secrets = new { level = "standard", reply_action = "mask" }, prompt_injection = new { level = "standard" } },
        });
        return house;
    }
}

/// <summary>What was made.</summary>
sealed class House
{
    public Dictionary<string, Guid> Teams { get; } = [];
    public Dictionary<string, List<string>> Keys { get; } = [];
    public Guid Thrifty { get; set; }
    /// <summary>The key that is issued and revoked each hour; its requests go on a little longer than it.</summary>
    public volatile string? Guest;
}
