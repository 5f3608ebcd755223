using AspireGateway.Portal.Configuration;
using AspireGateway.Shared.Domain;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.SignIns;

/// <summary>Makes an organisation's users fit its mapping, inside a change that is under way: those who signed in, or everybody when the mapping changed.</summary>
internal static partial class ApplyMapping
{
    /// <summary>Applies the mapping to one person.</summary>
    public static async Task ToAsync(ConfigurationWrite write, Guid organisation, Identity identity, ILogger logger, CancellationToken cancellationToken)
    {
        var mappings = await write.Context.SignInMappings.Where(m => m.OrganisationId == organisation).ToListAsync(cancellationToken);
        await ToAsync(write, organisation, mappings, identity, logger, cancellationToken);
    }

    /// <summary>Applies it to everybody whom it concerns: those who have a user by it, and those whose values it names.</summary>
    /// <param name="write">The change.</param>
    /// <param name="organisation">Whose mapping.</param>
    /// <param name="mappings">Its rows as they will be.</param>
    /// <param name="logger">Told of who is left out.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task ToAllAsync(ConfigurationWrite write, Guid organisation, IReadOnlyList<SignInMapping> mappings, ILogger logger, CancellationToken cancellationToken)
    {
        string[] values = [.. mappings.Select(m => $"{m.Claim}:{m.Value}").Distinct(StringComparer.Ordinal)];
        var identities = await write.Context.Identities
            .Where(i => write.Context.Users.Any(u => u.IdentityId == i.Id && u.OrganisationId == organisation) || i.Claims.Any(c => values.Contains(c)))
            .OrderBy(i => i.Id).ToListAsync(cancellationToken);
        foreach (var identity in identities) await ToAsync(write, organisation, mappings, identity, logger, cancellationToken);
    }

    private static async Task ToAsync(
        ConfigurationWrite write, Guid organisation, IReadOnlyList<SignInMapping> mappings, Identity identity, ILogger logger, CancellationToken cancellationToken)
    {
        var rights = MappedRights.Of(mappings, identity.Claims);
        var users = write.Context.Users;
        var user = await users.FirstOrDefaultAsync(u => u.OrganisationId == organisation && u.IdentityId == identity.Id, cancellationToken);
        // Also among those that this very change made.
        var sameAddress = users.Local.FirstOrDefault(u => u.OrganisationId == organisation && u.Email == identity.Email && u.IdentityId != identity.Id)
            ?? await users.FirstOrDefaultAsync(u => u.OrganisationId == organisation && u.Email == identity.Email && (u.IdentityId == null || u.IdentityId != identity.Id), cancellationToken);

        // 1. Whose user? One made by hand becomes the person's whose address it is; that address has to be theirs for certain.
        if (user is null && sameAddress is { IdentityId: null } && identity.EmailVerified)
        {
            (user, sameAddress) = (sameAddress, null);
            var unbound = await DetailsAsync(write, user, cancellationToken);
            user.IdentityId = identity.Id;
            Record(write, "user.bind", unbound, unbound, organisation);
        }
        if (user is null && rights.Role is null) return;
        if (user is null && sameAddress is not null)
        {
            Log.AddressTaken(logger, identity.Id, sameAddress.Id);
            return;
        }

        // 2. What was, what will be.
        var before = user is null ? null : await DetailsAsync(write, user, cancellationToken);
        if (user is null)
        {
            user = new()
            {
                Id = write.NewId(), OrganisationId = organisation, Email = identity.Email, DisplayName = identity.DisplayName, Role = rights.Role!, RoleSource = RoleSources.Mapping,
                IdentityId = identity.Id, CreatedAt = write.Now,
            };
            users.Add(user);
        }
        user.DisplayName = identity.DisplayName;
        if (sameAddress is null) user.Email = identity.Email;
        var teams = await write.Context.TeamMembers.Where(m => m.UserId == user.Id).ToListAsync(cancellationToken);
        if (string.Equals(user.RoleSource, RoleSources.Mapping, StringComparison.Ordinal)) teams = Fit(write, user, teams, rights);

        // 3. The audit hears of it only when something changed.
        var after = PersonDetails.Of(user, teams);
        if (before is null) Record(write, "user.create", null, after, organisation);
        else if (!before.Equals(after)) Record(write, "user.update", before, after, organisation);
    }

    /// <summary>Gives a user what the mapping says; returns the teams as they will be. Its source is the mapping.</summary>
    internal static List<TeamMember> Fit(ConfigurationWrite write, User user, List<TeamMember> teams, MappedRights rights)
    {
        if (rights.Role is null)
        {
            if (user.DisabledAt is null) (user.DisabledAt, user.DisabledReason) = (write.Now, RoleSources.Mapping);
        }
        else
        {
            user.Role = rights.Role;
            // Who was shut out by hand stays out.
            if (string.Equals(user.DisabledReason, RoleSources.Mapping, StringComparison.Ordinal)) (user.DisabledAt, user.DisabledReason) = (null, null);
        }
        foreach (var gone in teams.Where(t => !rights.Teams.ContainsKey(t.TeamId)).ToList())
        {
            write.Context.TeamMembers.Remove(gone);
            teams.Remove(gone);
        }
        foreach (var (team, leads) in rights.Teams)
        {
            if (teams.Find(t => t.TeamId == team) is { } member)
            {
                member.IsLead = leads;
                continue;
            }
            member = new() { TeamId = team, UserId = user.Id, IsLead = leads };
            write.Context.TeamMembers.Add(member);
            teams.Add(member);
        }
        return teams;
    }

    private static async Task<PersonDetails> DetailsAsync(ConfigurationWrite write, User user, CancellationToken cancellationToken) =>
        PersonDetails.Of(user, await write.Context.TeamMembers.AsNoTracking().Where(m => m.UserId == user.Id).ToListAsync(cancellationToken));

    private static void Record(ConfigurationWrite write, string action, PersonDetails? before, PersonDetails after, Guid organisation) =>
        write.Record(action, ConfigurationKinds.User, after.Id, organisation, before, after, DocumentJson.Default.PersonDetails);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Identity {Identity} has no access: user {User} has its address, and it is not certain that they are the same person")]
        public static partial void AddressTaken(ILogger logger, Guid identity, Guid user);
    }
}
