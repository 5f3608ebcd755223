using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Scopes;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain.Limits;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AspireGateway.Portal.KillSwitches;

/// <summary>What a stop would hit.</summary>
/// <param name="Scope">What is meant, in words within a sentence: "team Commerce".</param>
/// <param name="RequestsOfLastHour">Requests that it made, or got, in the last hour.</param>
public sealed record StopImpact(string Scope, long RequestsOfLastHour);

/// <summary>Looks at what a stop would hit, before it is thrown.</summary>
public sealed class StopImpactQuery(IDbContextFactory<GatewayDbContext> contexts, NpgsqlDataSource database, TimeProvider clock)
{
    /// <summary>The impact of the stop that was asked for, or the fault of its fields.</summary>
    public async Task<Result<StopImpact>> RunAsync(Actor actor, ThrowKillSwitchRequest request, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(ScopeRights.Acting(actor, request.ScopeKind), Permission.ThrowKillSwitch) is { } refusal) return refusal;
        var checks = new FieldChecks();
        var (kind, id) = ScopeFinder.Read(checks, request.ScopeKind, request.ScopeId, ScopeKinds.All, withDefaults: false);
        checks.Text("reason", request.Reason, 500);
        if (checks.Failure is { } faults) return faults;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var found = await ScopeFinder.FindAsync(context, actor, kind, id, cancellationToken);
        if (found.Failure is { } unknown) return unknown;
        var target = found.Value;
        if (ScopeRights.Refuse(ScopeRights.Acting(actor, kind), Permission.ThrowKillSwitch, target) is { } foreign) return foreign;
        var name = await database.ReadAsync(
            $"select {ScopeSight.Name} from (select @kind::text as scope_kind, @scope::text as scope_id) s", r => r.Text(0), cancellationToken, Sql.Text("kind", kind), Sql.Text("scope", target.Id));
        return new StopImpact(ScopeWords.Within(kind, target.Id, name[0]), await CountAsync(target, name[0], cancellationToken));
    }

    private async Task<long> CountAsync(ScopeTarget target, string? name, CancellationToken cancellationToken)
    {
        var condition = target.Kind switch
        {
            ScopeKinds.Team => "u.team_id = @scope::uuid",
            ScopeKinds.Key => "u.key_id = @scope::uuid",
            ScopeKinds.User => "u.user_id = @scope",
            ScopeKinds.Feature => "u.feature = @scope",
            ScopeKinds.Agent => "u.agent = @scope",
            ScopeKinds.Model => "u.model = @scope",
            ScopeKinds.Deployment => "u.deployment = @name",
            _ => "true",
        };
        var rows = await database.ReadAsync(
            $"select count(*) from usage_records u where u.at >= @from and (@all or u.organisation_id = @organisation) and {condition}", r => r.GetInt64(0), cancellationToken,
            Sql.Time("from", clock.GetUtcNow().AddHours(-1)), Sql.Id("organisation", target.OrganisationId), new("all", target.Kind == ScopeKinds.Global),
            Sql.Text("scope", target.Id), Sql.Text("name", name));
        return rows[0];
    }
}
