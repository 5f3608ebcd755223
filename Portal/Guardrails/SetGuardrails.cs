using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Models;
using AspireGateway.Portal.Scopes;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Guardrails;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Guardrails;

/// <summary>Sets which guardrails look at a scope's requests and replies. For those who manage guardrails.</summary>
public sealed class SetGuardrails(ConfigurationWriter writer)
{
    /// <summary>Sets the policy, or replaces what was set on the scope; gateways hold to it within a second.</summary>
    public async Task<Result<GuardrailDetails>> RunAsync(Actor actor, SetGuardrailsRequest request, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageGuardrails) is { } refusal) return refusal;
        var organisation = actor.OrganisationId!.Value;
        var checks = new FieldChecks();
        var kind = checks.Choice("scope_kind", request.ScopeKind, GuardrailScopes.All);
        var scope = ReadScope(checks, kind, request.ScopeId);
        var settings = GuardrailChecks.Read(checks, request.Settings);
        checks.Must(kind != GuardrailScopes.Model || settings.Order is null, "settings.order", "settings.order is not for models: a model's policy only makes stricter what holds for whoever asks.");
        if (checks.Failure is { } faults) return faults;

        return await writer.WriteAsync<GuardrailDetails>(actor, async (write, token) =>
        {
            var found = await ScopeFinder.FindAsync(write.Context, actor, kind, scope, token);
            if (found.Failure is { } unknown) return unknown;
            if (await UnknownCheckAsync(write, organisation, settings, token) is { } missing) return missing;
            if (await UnknownModelAsync(write, organisation, settings, token) is { } noModel) return noModel;
            var id = found.Value.Id;
            if (settings.Groundedness?.JudgeModel is { } judge && await ModelNames.CheckAsync(write.Context, organisation, "settings.groundedness.judge_model", judge, token) is { } noJudge) return noJudge;
            var policy = await write.Context.GuardrailPolicies.FirstOrDefaultAsync(p => p.OrganisationId == organisation && p.ScopeKind == kind && p.ScopeId == id, token);
            var before = policy is null ? null : GuardrailDetails.Of(policy);
            if (policy is null)
            {
                policy = new GuardrailPolicy { Id = write.NewId(), OrganisationId = organisation, ScopeKind = kind, ScopeId = id, CreatedBy = actor.Name };
                write.Context.GuardrailPolicies.Add(policy);
            }
            (policy.Settings, policy.CreatedAt, policy.CreatedBy) = (settings, write.Now, actor.Name);
            var after = GuardrailDetails.Of(policy);
            write.Record(before is null ? "guardrail.create" : "guardrail.update", ConfigurationKinds.Guardrail, policy.Id, organisation, before, after, DocumentJson.Default.GuardrailDetails);
            return after;
        }, cancellationToken);
    }

    private static async Task<Failure?> UnknownCheckAsync(ConfigurationWrite write, Guid organisation, GuardrailSettings settings, CancellationToken cancellationToken)
    {
        if (settings.ExternalChecks?.Checks is not { } names) return null;
        var known = await write.Context.GuardrailChecks.Where(c => c.OrganisationId == organisation && names.Contains(c.Name)).Select(c => c.Name).ToListAsync(cancellationToken);
        if (Array.Find(names, name => !known.Contains(name)) is not { } unknown) return null;
        var checks = new FieldChecks();
        checks.Add("settings.external_checks.checks", $"There is no check '{unknown}'. Make it first: PUT /api/guardrail-checks.");
        return checks.Failure;
    }

    // An alias would do for a question, but a rerouted request goes to that model and nowhere else.
    private static async Task<Failure?> UnknownModelAsync(ConfigurationWrite write, Guid organisation, GuardrailSettings settings, CancellationToken cancellationToken)
    {
        var named = GuardrailDescription.All.Select(g => (g.Name, Model: g.RuleIn(settings)?.RestrictedModel)).Where(g => g.Model is not null).ToArray();
        if (named.Length == 0) return null;
        string?[] names = [.. named.Select(g => g.Model)];
        var known = await write.Context.Models.Where(m => m.OrganisationId == organisation && names.Contains(m.Name)).Select(m => m.Name).ToListAsync(cancellationToken);
        var checks = new FieldChecks();
        foreach (var (guardrail, model) in named.Where(g => !known.Contains(g.Model!, StringComparer.Ordinal)))
            checks.Add($"settings.{guardrail}.restricted_model", $"There is no model '{model}' that requests could go to. Create it first, or name one of GET /api/models; an alias or a provider's model does not do.");
        return checks.Failure;
    }

    private static string? ReadScope(FieldChecks checks, string kind, string? value)
    {
        if (kind != GuardrailScopes.Organisation) return checks.Text("scope_id", value, 200);
        checks.Must(string.IsNullOrWhiteSpace(value), "scope_id", "scope_id is for teams, keys and models: there is one organisation.");
        return null;
    }
}
