using System.Net.Http.Headers;
using AspireGateway.Shared.Domain;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AspireGateway.Portal.Tests.Host;

/// <summary>A portal at which people sign in by an identity provider, on a database of its own; and people, without the way through the provider.</summary>
public sealed class PeopleHost(PostgresFixture postgres, RedisFixture redis) : IAsyncLifetime
{
    public const string Issuer = "https://id.example.org/company";
    public const string OperatorGroup = "gateway-operators";

    private WebApplicationFactory<Program> factory = null!;

    public PortalHost Portal { get; } = new(postgres, redis);

    public async ValueTask InitializeAsync()
    {
        await Portal.InitializeAsync();
        factory = With();
    }

    /// <summary>The same with further settings.</summary>
    public WebApplicationFactory<Program> With(params (string Key, string Value)[] settings) => Portal.With("Development",
    [
        ("Portal:PublicUrl", "http://localhost"), ("Portal:Oidc:Authority", Issuer), ("Portal:Oidc:ClientId", "portal"), ("Portal:Oidc:ClientSecret", "secret"),
        ("Portal:Oidc:OperatorGroups", OperatorGroup), .. settings,
    ]);

    public T Get<T>() where T : notnull => factory.Services.GetRequiredService<T>();

    /// <summary>A client that follows no redirect.</summary>
    public HttpClient Client(string? bearer = null) => Client(factory, bearer);

    public static HttpClient Client(WebApplicationFactory<Program> of, string? bearer)
    {
        var client = of.CreateClient(new() { AllowAutoRedirect = false });
        if (bearer is not null) client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        return client;
    }

    /// <summary>Somebody who signed in once, with these values.</summary>
    public async Task<Identity> AddIdentityAsync(params string[] claims)
    {
        await using var db = Portal.Db();
        var identity = NewIdentity(claims);
        db.Identities.Add(identity);
        await db.SaveChangesAsync();
        return identity;
    }

    /// <summary>Somebody with a role, given by hand.</summary>
    public async Task<Identity> AddPersonAsync(Guid organisation, string role, params Guid[] teams)
    {
        var identity = await AddIdentityAsync(role == Roles.Operator ? [$"groups:{OperatorGroup}"] : []);
        if (role == Roles.Operator) return identity;
        var user = await Portal.AddUserAsync(organisation, role, teams);
        await using var db = Portal.Db();
        await db.Users.Where(u => u.Id == user).ExecuteUpdateAsync(u => u.SetProperty(x => x.IdentityId, identity.Id));
        return identity;
    }

    /// <summary>A token of somebody, as if it had been made in the portal.</summary>
    public async Task<string> TokenAsync(Identity owner, Guid organisation, params string[] scopes)
    {
        await using var db = Portal.Db();
        var secret = AccessToken.NewSecret();
        db.AccessTokens.Add(new()
        {
            Id = PortalHost.NewId(), OrganisationId = organisation, IdentityId = owner.Id, Name = "test", Prefix = secret[..AccessToken.PrefixLength], SecretHash = VirtualKeySecret.Hash(secret),
            Scopes = scopes.Length == 0 ? ["write"] : scopes, CreatedAt = PortalHost.Now(), ExpiresAt = PortalHost.Now().AddDays(1),
        });
        await db.SaveChangesAsync();
        return secret;
    }

    public async ValueTask DisposeAsync()
    {
        if (factory is not null) await factory.DisposeAsync();
        await Portal.DisposeAsync();
    }

    internal static Identity NewIdentity(params string[] claims)
    {
        var name = Guid.NewGuid().ToString("N");
        return new()
        {
            Id = PortalHost.NewId(), Issuer = Issuer, Subject = name, Email = $"{name}@example.org", EmailVerified = true, DisplayName = "Somebody", Claims = claims,
            CreatedAt = PortalHost.Now(), SignedInAt = PortalHost.Now(),
        };
    }
}
