using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain.Caching;
using AspireGateway.Shared.Domain.Guardrails;
using AspireGateway.Shared.Domain.Routing;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Models;

/// <summary>Who in an organisation's settings names a model: it must not vanish under them, for what names it would be refused, or never hold.</summary>
internal static class ModelNamers
{
    // A list is to be read; whoever mends these sees the rest.
    private const int MostOfAKind = 5;

    /// <summary>All who name one of these, in words; empty = nobody does.</summary>
    /// <param name="context">The rows.</param>
    /// <param name="organisation">The organisation.</param>
    /// <param name="names">The model's names that are to go.</param>
    /// <param name="now">The time: keys that ended name nothing any more.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<IReadOnlyList<string>> OfAsync(
        GatewayDbContext context, Guid organisation, IReadOnlyList<string> names, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var namers = new List<string>();
        if (await context.Organisations.AnyAsync(o => o.Id == organisation && names.Contains(o.DefaultModel!), cancellationToken)) namers.Add("the organisation's default model");
        await AddAsync("team", context.Teams
            .Where(t => t.OrganisationId == organisation && t.ArchivedAt == null && (names.Contains(t.DefaultModel!) || names.Contains(t.ApprovalModel!))).Select(t => t.Name));
        await AddAsync("key", context.VirtualKeys
            .Where(k => k.OrganisationId == organisation && (k.RevokedAt == null || k.RevokedAt > now) && (k.ExpiresAt == null || k.ExpiresAt > now)
                && (names.Contains(k.DefaultModel!) || names.Contains(k.ApprovalModel!))).Select(k => k.Name));
        await AddAsync("the pin of", context.Pins.Where(p => p.OrganisationId == organisation && names.Contains(p.Model)).Select(p => p.ScopeKind + " " + (p.ScopeKind == PinScopes.Rule
            ? context.RoutingRules.Where(r => r.Id.ToString() == p.ScopeId).Select(r => r.Name).FirstOrDefault() : p.ScopeId)));
        await AddAsync("the running canary of", context.Canaries
            .Where(c => c.OrganisationId == organisation && c.Status == CanaryStatuses.Running && names.Contains(c.Model)).Select(c => c.Model));
        await AddAsync("the guardrail policy of", context.GuardrailPolicies
            .Where(p => p.OrganisationId == organisation && p.ScopeKind == GuardrailScopes.Model && names.Contains(p.ScopeId!)).Select(p => "model " + p.ScopeId));
        await AddAsync("the cache policy of", context.CachePolicies
            .Where(p => p.OrganisationId == organisation && p.ScopeKind == CachePolicyScopes.Model && names.Contains(p.ScopeId!)).Select(p => "model " + p.ScopeId));
        await AddAsync("the limit of", context.Limits
            .Where(l => l.OrganisationId == organisation && names.Contains(l.DowngradeModel!)).Select(l => l.ScopeKind + " " + l.ScopeId));
        await AddAsync("the budget of", context.Budgets
            .Where(b => b.OrganisationId == organisation && names.Contains(b.DowngradeModel!)).Select(b => b.ScopeKind + " " + b.ScopeId));
        string[] all = [.. names];
        await AddAsync("the judge of guardrails of", context.Database.SqlQuery<string>(
            $"select trim(scope_kind || ' ' || coalesce(scope_id, '')) as \"Value\" from guardrail_policies where organisation_id = {organisation} and settings->'groundedness'->>'judge_model' = any({all})"));
        await AddAsync("the cache's embedder of", context.Database.SqlQuery<string>(
            $"select trim(scope_kind || ' ' || coalesce(scope_id, '')) as \"Value\" from cache_policies where organisation_id = {organisation} and settings->>'embedder' = any({all})"));
        await AddAsync("the restricted model of guardrails of", context.Database.SqlQuery<string>(
            $"""
            select trim(scope_kind || ' ' || coalesce(scope_id, '')) as "Value" from guardrail_policies
            where organisation_id = {organisation} and exists (select 1 from jsonb_each(settings) rule where jsonb_typeof(rule.value) = 'object' and rule.value ->> 'restricted_model' = any({all}))
            """));
        await AddAsync("rule", context.Database
            .SqlQuery<string>($"select name as \"Value\" from routing_rules where organisation_id = {organisation} and action->>'model' = any({all})"));
        await AddAsync("the fallback of model", context.Database.SqlQuery<string>(
            $"""
            select m.name as "Value" from models m
            where m.organisation_id = {organisation} and m.name <> all({all}) and exists (
                select 1 from jsonb_array_elements(case jsonb_typeof(m.reliability -> 'fallbacks') when 'array' then m.reliability -> 'fallbacks' else '[]'::jsonb end) leg
                where leg ->> 'to' = any({all}))
            """));
        return namers;

        async Task AddAsync(string kind, IQueryable<string> found)
        {
            var some = await found.Distinct().OrderBy(name => name).Take(MostOfAKind + 1).ToListAsync(cancellationToken);
            namers.AddRange(some.Take(MostOfAKind).Select(name => $"{kind} {name.TrimEnd()}"));
            if (some.Count > MostOfAKind) namers.Add("others of that kind");
        }
    }
}
