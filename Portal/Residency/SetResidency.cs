using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Scopes;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Routing;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Residency;

/// <summary>Binds a scope's requests to regions. For those who manage models.</summary>
public sealed class SetResidency(ConfigurationWriter writer)
{
    /// <summary>Sets it, or replaces what was set on the scope; gateways hold to it within a second.</summary>
    public async Task<Result<ResidencyDetails>> RunAsync(Actor actor, SetResidencyRequest request, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageModels) is { } refusal) return refusal;
        var organisation = actor.OrganisationId!.Value;
        var checks = new FieldChecks();
        var kind = checks.Choice("scope_kind", request.ScopeKind, ResidencyScopes.All);
        var scope = ReadScope(checks, kind, request.ScopeId);
        var regions = checks.Regions("regions", request.Regions);
        checks.Must(regions.Length > 0, "regions", "regions is required: delete the rule to allow any region.");
        if (checks.Failure is { } faults) return faults;

        return await writer.WriteAsync<ResidencyDetails>(actor, async (write, token) =>
        {
            var rule = await write.Context.ResidencyRules.FirstOrDefaultAsync(r => r.OrganisationId == organisation && r.ScopeKind == kind && r.ScopeId == scope, token);
            var before = rule is null ? null : ResidencyDetails.Of(rule);
            if (rule is null)
            {
                rule = new ResidencyRule { Id = write.NewId(), OrganisationId = organisation, ScopeKind = kind, ScopeId = scope, CreatedBy = actor.Name };
                write.Context.ResidencyRules.Add(rule);
            }
            (rule.Regions, rule.CreatedAt, rule.CreatedBy) = (regions, write.Now, actor.Name);
            var after = ResidencyDetails.Of(rule);
            write.Record(before is null ? "residency.create" : "residency.update", ConfigurationKinds.Residency, rule.Id, organisation, before, after, DocumentJson.Default.ResidencyDetails);
            return after;
        }, cancellationToken);
    }

    private static string? ReadScope(FieldChecks checks, string kind, string? value)
    {
        if (kind == ResidencyScopes.Organisation)
        {
            checks.Must(string.IsNullOrWhiteSpace(value), "scope_id", "scope_id is for data classes, users and features: there is one organisation.");
            return null;
        }
        var scope = checks.Text("scope_id", value, ScopeFinder.MaxName);
        // Callers name several classes in one header, separated by commas.
        checks.Must(kind != ResidencyScopes.DataClass || !scope.Contains(',', StringComparison.Ordinal), "scope_id", "The name of a data class may not hold a comma.");
        return scope;
    }
}
