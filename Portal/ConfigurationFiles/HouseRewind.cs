using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using AspireGateway.Portal.Configuration;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Reliability;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.ConfigurationFiles;

/// <summary>An organisation's configuration as it stood right after a revision: what is there now, with the audit's entries since taken back one by one.</summary>
internal static class HouseRewind
{
    /// <summary>Most entries that are taken back; beyond, nobody could judge the difference.</summary>
    public const int MaxEntries = 20_000;

    /// <summary>The earlier configuration.</summary>
    /// <exception cref="JsonException">An entry has another form than things have today.</exception>
    public static async Task<Result<HouseState>> ToAsync(GatewayDbContext context, Guid organisation, long revision, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var state = (await HouseReader.ReadAsync(context, organisation, now, cancellationToken))!;
        var entries = await context.AuditEntries.AsNoTracking().Where(a => a.OrganisationId == organisation && a.Revision > revision)
            .OrderByDescending(a => a.Revision).ThenByDescending(a => a.Id).Take(MaxEntries + 1)
            .Select(a => new Entry(a.TargetKind, a.TargetId, a.Before, a.After)).ToListAsync(cancellationToken);
        if (entries.Count > MaxEntries) return new Failure.Conflict($"More than {MaxEntries} things changed since. Go back in smaller steps, or import an exported file.");

        var (prices, back) = (new HashSet<Guid>(), new HashSet<Guid>());
        foreach (var entry in entries)
        {
            if (entry.Kind == ConfigurationKinds.Price) prices.Add(entry.Id);
            else if (entry.Before is not null && entry.After is null) back.Add(entry.Id);
            TakeBack(state, entry);
        }
        await HouseReader.ReadPricesAsync(state, context, organisation, now, [.. prices], cancellationToken);
        await ReadLostAsync(state, context, organisation, revision, back, cancellationToken);
        await HouseReader.ReadPeopleAndKeysAsync(state, context, organisation, cancellationToken);
        return state;
    }

    private static void TakeBack(HouseState state, Entry entry)
    {
        var (id, json) = (entry.Id, DocumentJson.Default);
        switch (entry.Kind)
        {
            case ConfigurationKinds.Organisation when entry.Before is { } before:
                state.Organisation = JsonSerializer.Deserialize(before, json.OrganisationDetails)!;
                break;
            case ConfigurationKinds.Team: Put(state.Teams, json.TeamDetails); break;
            case ConfigurationKinds.Provider: Put(state.Providers, json.ProviderDetails); break;
            case ConfigurationKinds.Credential: Put(state.Credentials, json.CredentialDetails); break;
            case ConfigurationKinds.Deployment when entry.IsOf("deployment_id"):
                state.Breakers[id] = entry.Before is { } was ? JsonSerializer.Deserialize(was, json.BreakerDetails)!.Settings : new();
                break;
            case ConfigurationKinds.Deployment: Put(state.Deployments, json.DeploymentDetails); break;
            case ConfigurationKinds.Model when entry.IsOf("model_id"):
                state.Reliability[id] = entry.Before is { } tried ? JsonSerializer.Deserialize(tried, json.ModelReliabilityDetails)!.Settings : new();
                break;
            case ConfigurationKinds.Model: Put(state.Models, json.ModelDetails); break;
            case ConfigurationKinds.Tier when entry.IsOf("tier_id"): Put(state.Assignments, json.TierAssignmentDetails); break;
            case ConfigurationKinds.Tier: Put(state.Tiers, json.TierDetails); break;
            case ConfigurationKinds.Task: Put(state.Tasks, json.TaskDetails); break;
            case ConfigurationKinds.Rule: Put(state.Rules, json.RuleDetails); break;
            case ConfigurationKinds.Pin when entry.IsOf("model"): Put(state.Pins, json.PinDetails); break;
            case ConfigurationKinds.Canary when entry.IsOf("sticky"): Put(state.Canaries, json.CanaryDetails); break;
            case ConfigurationKinds.Limit: Put(state.Limits, json.LimitDetails); break;
            // A raise is no part of the file.
            case ConfigurationKinds.Budget when !entry.IsOf("budget_id"): Put(state.Budgets, json.BudgetDetails); break;
            case ConfigurationKinds.Residency: Put(state.Residency, json.ResidencyDetails); break;
            case ConfigurationKinds.Guardrail: Put(state.Guardrails, json.GuardrailDetails); break;
            // A purge is no part of the file.
            case ConfigurationKinds.Cache when entry.IsOf("settings"): Put(state.Caches, json.CachePolicyDetails); break;
            // Holds, looks and erasures are no part of the file.
            case ConfigurationKinds.Content when entry.IsOf("settings"): Put(state.Contents, json.ContentPolicyDetails); break;
            case ConfigurationKinds.AnomalyPolicy: Put(state.Anomalies, json.AnomalyPolicyDetails); break;
            case ConfigurationKinds.GuardrailCheck: Put(state.Checks, json.GuardrailCheckDetails); break;
            case ConfigurationKinds.Feature: Put(state.Features, json.FeatureDetails); break;
            case ConfigurationKinds.Webhook: Put(state.Webhooks, json.WebhookDetails); break;
            default: break;
        }

        void Put<T>(Dictionary<Guid, T> things, JsonTypeInfo<T> shape)
            where T : class
        {
            if (entry.Before is { } document) things[id] = JsonSerializer.Deserialize(document, shape)!;
            else things.Remove(id);
        }
    }

    // What went along with a deployment or model and stands in entries of its own: the last ones before.
    private static async Task ReadLostAsync(HouseState state, GatewayDbContext context, Guid organisation, long revision, HashSet<Guid> back, CancellationToken cancellationToken)
    {
        Guid[] deployments = [.. back.Where(state.Deployments.ContainsKey)], models = [.. back.Where(state.Models.ContainsKey)];
        if (deployments.Length + models.Length == 0) return;
        Guid[] both = [.. deployments, .. models];
        string[] texts = [.. deployments.Select(d => d.ToString())];
        var lost = await context.AuditEntries.FromSql($"""
            select * from audit_entries a where a.organisation_id = {organisation} and a.revision <= {revision} and (
                (a.target_id = any({both}) and (a.after ? 'deployment_id' or a.after ? 'model_id')) or (a.target_kind = 'price' and a.after ->> 'deployment_id' = any({texts})))
            """).AsNoTracking().OrderBy(a => a.Revision).ThenBy(a => a.Id).Select(a => new Entry(a.TargetKind, a.TargetId, a.After, null)).ToListAsync(cancellationToken);
        foreach (var entry in lost)
        {
            if (entry.Before is not { } document) continue;
            if (entry.Kind == ConfigurationKinds.Price)
            {
                var price = JsonSerializer.Deserialize(document, DocumentJson.Default.PriceDetails)!;
                state.Prices[price.DeploymentId] = price;
            }
            else if (entry.Kind is ConfigurationKinds.Deployment or ConfigurationKinds.Model)
            {
                TakeBack(state, entry);
            }
        }
    }

    private sealed record Entry(string Kind, Guid Id, string? Before, string? After)
    {
        /// <summary>Whether its documents have a field, by which documents of one kind are told apart.</summary>
        public bool IsOf(string field)
        {
            using var document = JsonDocument.Parse(Before ?? After ?? "{}");
            return document.RootElement.TryGetProperty(field, out _);
        }
    }
}
