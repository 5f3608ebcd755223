using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.SignIns;

/// <summary>The values of a row, checked.</summary>
internal sealed record MappingSettings(string Claim, string Value, string Role, Guid? TeamId)
{
    /// <summary>Most rows of an organisation.</summary>
    public const int MaxOfOrganisation = 500;

    public static MappingSettings Read(FieldChecks checks, MappingRequest request) => new(
        checks.Choice("claim", request.Claim, SignInClaims.All, SignInClaims.Groups), checks.Text("value", request.Value, 256),
        // Operators are named by the installation's settings: else an administrator could make himself one.
        checks.Choice("role", request.Role, MappedRights.Order), request.TeamId);

    public async Task<Failure?> CheckAsync(GatewayDbContext context, Guid organisation, Guid? id, CancellationToken cancellationToken)
    {
        if (TeamId is { } team && !await context.Teams.AnyAsync(t => t.Id == team && t.OrganisationId == organisation, cancellationToken)) return new Failure.NotFound("team");
        return await context.SignInMappings.AnyAsync(m => m.OrganisationId == organisation && m.Claim == Claim && m.Value == Value && m.TeamId == TeamId && m.Id != id, cancellationToken)
            ? Taken : null;
    }

    public static Failure.Conflict Taken => new("This value is mapped already. Change that row.", "value");
}

/// <summary>Adds a row to the sign-in mapping. For operators and organisation admins; who carries the value has the role at once.</summary>
public sealed class CreateMapping(ConfigurationWriter writer, ILogger<CreateMapping> logger)
{
    /// <summary>Adds it.</summary>
    public async Task<Result<MappingDetails>> RunAsync(Actor actor, MappingRequest request, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageTeams) is { } refusal) return refusal;
        var organisation = actor.OrganisationId!.Value;
        var checks = new FieldChecks();
        var settings = MappingSettings.Read(checks, request);
        if (checks.Failure is { } faults) return faults;
        return await writer.WriteAsync<MappingDetails>(actor, async (write, token) =>
        {
            if (await settings.CheckAsync(write.Context, organisation, null, token) is { } failure) return failure;
            var all = await write.Context.SignInMappings.Where(m => m.OrganisationId == organisation).ToListAsync(token);
            if (all.Count >= MappingSettings.MaxOfOrganisation) return new Failure.Conflict($"A mapping may have {MappingSettings.MaxOfOrganisation} rows. Delete one first.");
            var row = new SignInMapping
            {
                Id = write.NewId(), OrganisationId = organisation, Claim = settings.Claim, Value = settings.Value, Role = settings.Role, TeamId = settings.TeamId, CreatedAt = write.Now,
                CreatedBy = actor.Name,
            };
            write.Context.SignInMappings.Add(row);
            var after = MappingDetails.Of(row);
            write.Record("sign_in_mapping.create", ConfigurationKinds.SignInMapping, row.Id, organisation, null, after, DocumentJson.Default.MappingDetails);
            await ApplyMapping.ToAllAsync(write, organisation, [.. all, row], logger, token);
            return after;
        }, cancellationToken);
    }
}

/// <summary>Changes a row of the sign-in mapping. For operators and organisation admins.</summary>
public sealed class UpdateMapping(ConfigurationWriter writer, ILogger<UpdateMapping> logger)
{
    /// <summary>Sets all values.</summary>
    public async Task<Result<MappingDetails>> RunAsync(Actor actor, Guid id, MappingRequest request, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageTeams) is { } refusal) return refusal;
        var organisation = actor.OrganisationId!.Value;
        var checks = new FieldChecks();
        var settings = MappingSettings.Read(checks, request);
        if (checks.Failure is { } faults) return faults;
        return await writer.WriteAsync<MappingDetails>(actor, async (write, token) =>
        {
            var all = await write.Context.SignInMappings.Where(m => m.OrganisationId == organisation).ToListAsync(token);
            if (all.Find(m => m.Id == id) is not { } row) return new Failure.NotFound("row of the mapping");
            if (await settings.CheckAsync(write.Context, organisation, id, token) is { } failure) return failure;
            var before = MappingDetails.Of(row);
            (row.Claim, row.Value, row.Role, row.TeamId) = (settings.Claim, settings.Value, settings.Role, settings.TeamId);
            var after = MappingDetails.Of(row);
            if (after == before) return after;
            write.Record("sign_in_mapping.update", ConfigurationKinds.SignInMapping, id, organisation, before, after, DocumentJson.Default.MappingDetails);
            await ApplyMapping.ToAllAsync(write, organisation, all, logger, token);
            return after;
        }, cancellationToken);
    }
}

/// <summary>Deletes a row of the sign-in mapping. For operators and organisation admins; who had a role by it alone has none at once.</summary>
public sealed class DeleteMapping(ConfigurationWriter writer, ILogger<DeleteMapping> logger)
{
    /// <summary>Deletes it.</summary>
    public async Task<Result<Done>> RunAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageTeams) is { } refusal) return refusal;
        var organisation = actor.OrganisationId!.Value;
        return await writer.WriteAsync<Done>(actor, async (write, token) =>
        {
            var all = await write.Context.SignInMappings.Where(m => m.OrganisationId == organisation).ToListAsync(token);
            if (all.Find(m => m.Id == id) is not { } row) return new Failure.NotFound("row of the mapping");
            write.Context.SignInMappings.Remove(row);
            write.Record<MappingDetails>("sign_in_mapping.delete", ConfigurationKinds.SignInMapping, id, organisation, MappingDetails.Of(row), null, DocumentJson.Default.MappingDetails);
            await ApplyMapping.ToAllAsync(write, organisation, all.FindAll(m => m.Id != id), logger, token);
            return new Done();
        }, cancellationToken);
    }
}
