using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;

namespace AspireGateway.Portal.SignIns;

/// <summary>Somebody for whom an identity provider vouched just now.</summary>
public sealed record VouchedPerson
{
    /// <summary>Who vouches.</summary>
    public required string Issuer { get; init; }

    /// <summary>The provider's name of the person.</summary>
    public required string Subject { get; init; }

    /// <summary>Address.</summary>
    public required string Email { get; init; }

    /// <summary>Whether the address is the person's for certain.</summary>
    public bool EmailVerified { get; init; }

    /// <summary>Name that people read.</summary>
    public required string DisplayName { get; init; }

    /// <summary>Groups and roles, each as <c>groups:VALUE</c> or <c>roles:VALUE</c>.</summary>
    public IReadOnlyList<string> Claims { get; init; } = [];
}

/// <summary>Remembers who signed in, makes or refreshes their users, and opens a session. It opens one also for who has no role: a page then says so.</summary>
public sealed class SignInPerson(
    NpgsqlDataSource database, IDbContextFactory<GatewayDbContext> contexts, ConfigurationWriter writer, Sessions sessions, TimeProvider clock, ILogger<SignInPerson> logger)
{
    /// <summary>Signs the person in.</summary>
    /// <returns>The session.</returns>
    public async Task<Guid> RunAsync(VouchedPerson person, string? idToken, string? remoteAddress, CancellationToken cancellationToken)
    {
        var id = await RememberAsync(person, cancellationToken);
        if (person.Issuer != Identity.LocalIssuer)
            foreach (var organisation in await ConcernedAsync(id, person, cancellationToken))
                await writer.WriteAsync<Done>(
                    new() { Name = person.Email, Roles = [], OrganisationId = organisation, RemoteAddress = remoteAddress },
                    async (write, token) =>
                    {
                        var identity = await write.Context.Identities.SingleAsync(i => i.Id == id, token);
                        await ApplyMapping.ToAsync(write, organisation, identity, logger, token);
                        return new Done();
                    },
                    cancellationToken);
        return await sessions.OpenAsync(id, person.Issuer == Identity.LocalIssuer, idToken, cancellationToken);
    }

    private async Task<Guid> RememberAsync(VouchedPerson person, CancellationToken cancellationToken) => (await database.ReadAsync("""
        insert into identities (id, issuer, subject, email, email_verified, display_name, claims, created_at, signed_in_at)
        values (@id, @issuer, @subject, @email, @verified, @name, @claims, @now, @now)
        on conflict (issuer, subject) do update set email = excluded.email, email_verified = excluded.email_verified, display_name = excluded.display_name,
            claims = excluded.claims, signed_in_at = excluded.signed_in_at
        returning id
        """,
        r => r.GetGuid(0), cancellationToken, Sql.Id("id", Guid.CreateVersion7(clock.GetUtcNow())), Sql.Text("issuer", person.Issuer), Sql.Text("subject", person.Subject),
        Sql.Text("email", person.Email), new("verified", person.EmailVerified), Sql.Text("name", person.DisplayName),
        new("claims", NpgsqlDbType.Array | NpgsqlDbType.Text) { Value = person.Claims.ToArray() }, Sql.Time("now", clock.GetUtcNow())))[0];

    // Organisations where something names the person; in the others there is nothing to do.
    private async Task<List<Guid>> ConcernedAsync(Guid identity, VouchedPerson person, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        string[] claims = [.. person.Claims];
        return await context.Organisations
            .Where(o => context.SignInMappings.Any(m => m.OrganisationId == o.Id && claims.Contains(m.Claim + ":" + m.Value))
                || context.Users.Any(u => u.OrganisationId == o.Id && (u.IdentityId == identity || (u.IdentityId == null && u.Email == person.Email))))
            .OrderBy(o => o.Id).Select(o => o.Id).ToListAsync(cancellationToken);
    }
}
