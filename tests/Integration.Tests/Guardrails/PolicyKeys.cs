using System.Net.Http.Json;
using System.Text.Json;
using AspireGateway.Integration.Tests.Gateway;
using AspireGateway.Integration.Tests.Spending;
using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Guardrails;
using Npgsql;

namespace AspireGateway.Integration.Tests.Guardrails;

/// <summary>Keys with a guardrail policy of their own, and what became of their quarantined requests.</summary>
internal static class PolicyKeys
{
    /// <summary>Issues a key with a policy.</summary>
    public static async Task<string> AddAsync(GatewayWorld world, GuardrailSettings settings, params string[] allowedModels)
    {
        var secret = VirtualKeySecret.Create();
        var id = await world.Configuration.AddKeyAsync(world.Organisation, world.Team, secret, allowedModels);
        await SetAsync(world, GuardrailScopes.Key, id.ToString(), settings);
        return secret;
    }

    /// <summary>Sets a policy.</summary>
    public static async Task SetAsync(GatewayWorld world, string kind, string? scope, GuardrailSettings settings)
    {
        var policy = Guid.CreateVersion7();
        await world.Configuration.WriteAsync(
            [new(ConfigurationKinds.Guardrail, policy, world.Organisation)],
            "insert into guardrail_policies (id, organisation_id, scope_kind, scope_id, settings, created_at, created_by) values ($1, $2, $3, $4, $5::jsonb, now(), 'test')",
            policy, world.Organisation, kind, scope, JsonSerializer.Serialize(settings, DataJson.Default.GuardrailSettings));
    }

    /// <summary>Waits until a gateway runs under everything that was configured so far.</summary>
    public static async Task AppliedAsync(GatewayWorld world, GatewayProcess gateway)
    {
        await using var source = NpgsqlDataSource.Create(world.Database);
        await using var command = source.CreateCommand("select revision from configuration_state");
        var revision = (long)(await command.ExecuteScalarAsync())!;
        await Eventually.HoldsAsync(async () => await gateway.MetricAsync("llm_config_revision") >= revision, TimeSpan.FromSeconds(30), "the gateway runs under the new configuration");
    }

    /// <summary>Is refused with a ticket.</summary>
    public static async Task<Guid> TicketAsync(GatewayProcess gateway, string key, string body)
    {
        using var refused = await gateway.ChatAsync(key, body);
        var (code, message) = await Ask.ErrorAsync(refused);
        Assert.Equal((403, "quarantined"), ((int)refused.StatusCode, code));
        var ticket = Ask.Header(refused, "x-gateway-ticket");
        Assert.Contains($"Ticket {ticket}:", message, StringComparison.Ordinal);
        return Guid.Parse(ticket);
    }

    /// <summary>Status, code and message of a request that shows tickets.</summary>
    public static async Task<(int Status, string? Code, string Message)> RepeatAsync(GatewayProcess gateway, string key, string body, params Guid[] tickets)
    {
        using var response = await gateway.ChatAsync(key, body, headers: ("x-gateway-approval", string.Join(", ", tickets)));
        if (response.IsSuccessStatusCode) return ((int)response.StatusCode, null, "");
        var error = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error");
        return ((int)response.StatusCode, error.GetProperty("code").GetString(), error.GetProperty("message").GetString()!);
    }
}
