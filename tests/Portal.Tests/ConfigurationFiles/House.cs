using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using AspireGateway.Portal.Tests.Host;

namespace AspireGateway.Portal.Tests.ConfigurationFiles;

/// <summary>An organisation whose configuration goes out and in as a file.</summary>
internal sealed class House(PortalHost portal, PortalApi api, string slug)
{
    public PortalApi Api => api;

    public string Slug => slug;

    public static async Task<House> StartAsync(PortalHost portal)
    {
        var api = await PortalApi.StartAsync(portal);
        return new(portal, api, await portal.ScalarAsync<string>($"select slug from organisations where id = '{api.Organisation}'"));
    }

    public async Task<string> ExportAsync()
    {
        using var answer = await portal.Api.GetAsync(new Uri($"/api/config?organization={slug}", UriKind.Relative));
        Assert.Equal((HttpStatusCode.OK, "application/yaml"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        return await answer.Content.ReadAsStringAsync();
    }

    public async Task<(HttpStatusCode Status, JsonNode? Body)> ImportAsync(string yaml, string query = "")
    {
        using var content = new StringContent(yaml, Encoding.UTF8);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/yaml");
        using var answer = await portal.Api.PostAsync(new Uri($"/api/config?organization={slug}{query}", UriKind.Relative), content);
        return (answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync()));
    }

    public async Task<JsonNode> ImportedAsync(string yaml, string query = "")
    {
        var (status, body) = await ImportAsync(yaml, query);
        Assert.True(status == HttpStatusCode.OK, $"{status}: {body}");
        return body!;
    }

    /// <summary>What a refused file is told, sentence by sentence.</summary>
    public async Task<List<string>> RefusedAsync(string yaml, string query = "")
    {
        var (status, body) = await ImportAsync(yaml, query);
        Assert.True(status == HttpStatusCode.BadRequest, $"{status}: {body}");
        return [.. body!["errors"]!.AsObject().SelectMany(e => e.Value!.AsArray().Select(m => m!.GetValue<string>()))];
    }

    public async Task CredentialAsync(string provider, string name)
    {
        var id = (await api.ItemsAsync("/api/providers")).Single(p => p.Text("slug") == provider).Id();
        await api.MadeAsync("/api/credentials", $$"""{"provider_id":"{{id}}","name":"{{name}}","secret":"sk-of-{{name}}-that-is-secret"}""");
    }

    /// <summary>One of everything, with whatever it may have.</summary>
    public async Task FillAsync()
    {
        var open = (await api.MadeAsync("/api/providers", """{"name":"OpenAI","slug":"openai","base_url":"https://api.openai.example/v1","idle_timeout_ms":45000}""")).Id();
        var own = (await api.MadeAsync("/api/providers", """{"name":"Own servers","slug":"own","protocol":"vllm","base_url":"http://vllm.internal:8000/v1","is_private":true}""")).Id();
        await CredentialAsync("openai", "main");
        await CredentialAsync("openai", "spare");
        var credentials = (await api.ItemsAsync("/api/credentials")).ToDictionary(c => c.Text("name"), c => c.Id());
        var big = (await api.MadeAsync("/api/deployments", $$"""
            {"name":"big","provider_id":"{{open}}","credential_ids":["{{credentials["spare"]}}","{{credentials["main"]}}"],"upstream_model":"on","region":"eu-central-1","context_tokens":128000,
            "max_output_tokens":4096,"abilities":["tools","vision"],
            "price":{"input":150000000,"cache_read":75000000,"output":600000000,"steps":[{"above":200000,"input":300000000,"output":900000000}],"tiers":[{"name":"flex","input":1,"output":2}]} }
            """)).Id();
        var little = (await api.MadeAsync("/api/deployments", $$"""{"name":"little","provider_id":"{{own}}","upstream_model":"llama: 3, \"small\"","abilities":[],"is_enabled":false}""")).Id();
        await PutAsync($"/api/reliability/deployments/{big}/breaker", """{"failures":3,"open_seconds":90,"probe_every_seconds":30,"probe_path":"/models"}""");
        var chat = (await api.MadeAsync("/api/models", $$"""
            {"name":"chat","description":"For people: not for machines.","strategy":"cascade","quality":{"bar":0.75,"tasks":{"math":0.9,"coding":0.85} },"aliases":["talk","gpt"],
            "deployments":[{"deployment_id":"{{little}}"},{"deployment_id":"{{big}}","weight":3}],
            "cascade":{"steps":["{{little}}","{{big}}"],"threshold":0.7,"checks":["refusal","length"],"min_characters":20,"judge":{"model":"openai/judge","rubric":"Right?\n\nAnd short?"} } }
            """)).Id();
        await api.MadeAsync("/api/models", $$"""{"name":"fast","deployments":[{"deployment_id":"{{big}}"}]}""");
        await PutAsync($"/api/reliability/models/{chat}", """
            {"retries":2,"total_timeout_ms":90000,"hedge":{"most_percent":5},"fallbacks":[{"to":"fast","status":[500,503],"timeout":true},{"to":"openai/other"}],"degradation":{"action":"canned","text":"Later: please"}}
            """);
        var payments = (await api.MadeAsync("/api/teams", """
            {"name":"Payments & more","slug":"payments","allowed_models":["chat","openai/*"],"allowed_regions":["eu-*"],"guardrail_level":"strict","default_model":"chat","approval_threshold_usd":"2.5","approval_action":"cheaper","approval_model":"openai/mini"}
            """)).Id();
        await api.MadeAsync("/api/teams", """{"name":"123","slug":"123"}""");
        var key = await api.KeyAsync(payments, "ci bot");
        await api.MadeAsync("/api/features", """{"name":"checkout","description":"Answers in the shop: \"where is my order?\"","owner_email":"ada@example.org"}""");
        await api.MadeAsync("/api/features", """{"name":"nobody's"}""");
        await api.MadeAsync("/api/tiers", """{"name":"Gold","requests_per_minute":600,"concurrency":20}""");
        await PutAsync("/api/tiers/assignments", """{"scope_kind":"team","scope_id":"payments","tier":"Gold"}""");
        await PutAsync("/api/tiers/assignments", """{"scope_kind":"user","tier":"Gold"}""");
        await api.MadeAsync("/api/tasks", """{"name":"invoices","words":["invoice","due date"],"patterns":["\\bINV-\\d+"]}""");
        await api.MadeAsync("/api/rules", """{"name":"zeta","when":{"days":["sat","sun"],"from":"22:00","until":"06:00"},"then":{"deny":"Closed: come back on Monday."}}""");
        await api.MadeAsync("/api/rules", $$"""
            {"name":"alpha","enabled":false,"when":{"tasks":["invoices"],"task_confidence":0.6,"prompt_tokens":{"min":10},"teams":["{{payments}}"],"keys":["{{key}}"],"tags":{"b":"yes","a":"1"},
            "budget":{"scope":"team","scope_id":"{{payments}}","at_least":0.8} },"then":{"model":"fast"} }
            """);
        await api.MadeAsync("/api/pins", $$"""{"scope_kind":"key","scope_id":"{{key}}","model":"chat","deployment":"big","version":"on-2026-08-06","on_unavailable":"allow"}""");
        await api.MadeAsync("/api/pins", """{"scope_kind":"rule","scope_id":"alpha","model":"fast","deployment":"big"}""");
        await api.MadeAsync("/api/canaries", """{"model":"fast","deployment":"little","steps":[{"percent":0.5,"minutes":90},{"percent":50}],"guards":{"max_error_increase":0.05}}""");
        await api.MadeAsync("/api/limits", """{"scope_kind":"team","scope_id":"payments","unit":"requests","period":"minute","amount":600,"burst":60,"on_limit":"queue","queue_ms":500}""");
        await api.MadeAsync("/api/limits", """{"scope_kind":"deployment","scope_id":"big","unit":"concurrency","amount":8}""");
        await api.MadeAsync("/api/limits", """{"scope_kind":"user","unit":"output_tokens","amount":2000,"on_limit":"clamp"}""");
        await api.MadeAsync("/api/budgets", """{"scope_kind":"organisation","period":"monthly","cap_usd":"1234.000000005","thresholds":[]}""");
        await api.MadeAsync("/api/budgets", $$"""{"scope_kind":"key","scope_id":"{{key}}","period":"daily","cap_usd":5,"on_exceeded":"downgrade","downgrade_model":"fast"}""");
        await PutAsync("/api/residency", """{"scope_kind":"data_class","scope_id":"health","regions":["eu-*","ch-1"]}""");
        await PutAsync("/api/guardrails", $$"""{"scope_kind":"key","scope_id":"{{key}}","settings":{"personal_data":{"level":"strict","action":"mask","reply_action":"mask","restore":false,"on_error":"open","time_limit_ms":50,"except_types":["IP_ADDRESS"]},"content_policy":{"level":"off"} } }""");
        await PutAsync("/api/guardrail-checks", """{"name":"people","kind":"presidio","url":"https://presidio.example.org/analyze","time_limit_ms":900,"on_error":"open","regions":["ch-1"]}""");
        await PutAsync("/api/guardrails", """{"scope_kind":"organisation","settings":{"secrets":{"level":"standard","action":"mask"},"prompt_limits":{"level":"standard","max_characters":20000,"languages":["en"]},"external_checks":{"level":"flag","checks":["people"]} } }""");
        await PutAsync("/api/guardrails", """{"scope_kind":"team","scope_id":"payments","settings":{"banned_patterns":{"level":"standard","action":"block","words":["falcon"],"patterns":["\\bPRJ-\\d+"]} } }""");
        await PutAsync("/api/caches", $$"""{"scope_kind":"key","scope_id":"{{key}}","settings":{"mode":"off","prefix":"auto","prefix_ttl":"1h","prefix_min_tokens":2048} }""");
        await PutAsync("/api/caches", """{"scope_kind":"model","scope_id":"fast","settings":{"mode":"exact","scope":"user","ttl_seconds":60,"max_entry_bytes":65536,"serve_stale_seconds":3600,"temperature":"zero","tools":true} }""");
        await PutAsync("/api/caches", """{"scope_kind":"organisation","settings":{"mode":"exact"} }""");
        await PutAsync("/api/content/policies", """{"scope_kind":"team","scope_id":"payments","settings":{"keep":"both","text":"sent","retention_days":7,"max_bytes":65536,"required":true,"traces":true} }""");
        await PutAsync("/api/content/policies", """{"scope_kind":"organisation","settings":{"keep":"prompts","sample":0.25} }""");
        await PutAsync("/api/alerts/policies", $$"""{"scope_kind":"key","scope_id":"{{key}}","settings":{"on_anomaly":"throttle","requests_per_minute":120,"of_usual":0.5,"minutes":0} }""");
        await PutAsync("/api/alerts/policies", """{"scope_kind":"organisation","settings":{"on_anomaly":"stop","minutes":30} }""");
        await PutAsync("/api/alerts/policies", """{"scope_kind":"team","scope_id":"payments","settings":{"on_anomaly":"none"} }""");
        await api.MadeAsync("/api/webhooks", """{"name":"Pager","url":"https://hooks.example.org/x?team=1","events":["budget.threshold"]}""");
        await PutAsync("/api/organizations/current", """{"name":"House of YAML","time_zone":"Europe/Rome","default_model":"chat","store_policy":"local"}""");
    }

    private async Task PutAsync(string path, string json)
    {
        var (status, body) = await api.PutAsync(path, json);
        Assert.True((int)status < 300, $"{path}: {status}: {body}");
    }
}
