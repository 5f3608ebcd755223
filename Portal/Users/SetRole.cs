using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Portal.SignIns;
using AspireGateway.Shared.Domain;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Users;

/// <summary>Gives somebody another role. For operators and organisation admins, and for nobody on themselves.</summary>
public sealed class SetRole(ConfigurationWriter writer)
{
    /// <summary>Roles that can be given; operators are named by the installation's settings.</summary>
    internal static readonly IReadOnlyList<string> Choices = [.. Roles.All.Where(r => r != Roles.Operator)];

    private static readonly string[] s_sources = [RoleSources.Manual, RoleSources.Mapping];

    /// <summary>Gives it; it holds from the person's next click or call on.</summary>
    public async Task<Result<PersonDetails>> RunAsync(Actor actor, Guid id, SetRoleRequest request, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageTeams) is { } refusal) return refusal;
        var organisation = actor.OrganisationId!.Value;
        var checks = new FieldChecks();
        var source = checks.Choice("role_source", request.RoleSource, s_sources, RoleSources.Manual);
        var byMapping = source == RoleSources.Mapping;
        var role = byMapping && string.IsNullOrWhiteSpace(request.Role) ? null : checks.Choice("role", request.Role, Choices);
        if (checks.Failure is { } faults) return faults;

        return await writer.WriteAsync<PersonDetails>(actor, async (write, token) =>
        {
            var user = await write.Context.Users.FirstOrDefaultAsync(u => u.Id == id && u.OrganisationId == organisation, token);
            if (user is null) return new Failure.NotFound("user");
            // So there is always somebody left who can change it back.
            if (user.Id == actor.UserId) return new Failure.Forbidden("Your own role has to be changed by another administrator.");
            if (user.DisabledAt is not null) return new Failure.Conflict("This person's access has ended.");
            var teams = await write.Context.TeamMembers.Where(m => m.UserId == id).ToListAsync(token);
            var before = PersonDetails.Of(user, teams);
            if (byMapping)
            {
                var mapped = await MappedAsync(write, user, token);
                if (mapped.Failure is { } unmapped) return unmapped;
                if (role is not null && role != mapped.Value.Role) return new Failure.Invalid([new("role", $"The sign-in mapping gives this person the role {mapped.Value.Role}. Leave role out.")]);
                user.RoleSource = RoleSources.Mapping;
                teams = ApplyMapping.Fit(write, user, teams, mapped.Value);
            }
            else (user.Role, user.RoleSource) = (role!, RoleSources.Manual);

            var after = PersonDetails.Of(user, teams);
            if (after.Equals(before)) return after;
            write.Record("user.set_role", ConfigurationKinds.User, id, organisation, before, after, DocumentJson.Default.PersonDetails);
            return after;
        }, cancellationToken);
    }

    private static async Task<Result<MappedRights>> MappedAsync(ConfigurationWrite write, User user, CancellationToken cancellationToken)
    {
        var identity = user.IdentityId is { } id ? await write.Context.Identities.FirstOrDefaultAsync(i => i.Id == id, cancellationToken) : null;
        if (identity is null) return new Failure.Conflict("This person has not signed in by the identity provider yet, so there is nothing to map.", "role_source");
        var rows = await write.Context.SignInMappings.Where(m => m.OrganisationId == user.OrganisationId).ToListAsync(cancellationToken);
        var rights = MappedRights.Of(rows, identity.Claims);
        return rights.Role is null ? new Failure.Conflict("No row of the sign-in mapping fits this person: their access would end. Add a row first.", "role_source") : rights;
    }
}
