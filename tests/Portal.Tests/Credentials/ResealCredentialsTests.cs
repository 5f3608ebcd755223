using System.Security.Cryptography;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Credentials;
using AspireGateway.Portal.Tests.Host;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Tests.Credentials;

/// <summary>A master key is replaced without entering one provider key again.</summary>
public sealed class ResealCredentialsTests(PortalHost portal) : IClassFixture<PortalHost>
{
    [Fact]
    public async Task Reseal_AfterTheMasterKeyChanged_LeavesNothingThatNeedsTheOldOne()
    {
        var (old, lost) = (NewKey(), NewKey());
        var organisation = await portal.AddOrganisationAsync();
        var (provider, readable, current, unreadable) = (PortalHost.NewId(), PortalHost.NewId(), PortalHost.NewId(), PortalHost.NewId());
        await using (var db = portal.Db())
        {
            db.Providers.Add(new()
            {
                Id = provider, OrganisationId = organisation, Slug = "p", Name = "P", Protocol = "openai", BaseUrl = "https://p.example", CreatedAt = PortalHost.Now(),
            });
            Credential Sealed(Guid id, string name, string key) => new()
            {
                Id = id, OrganisationId = organisation, ProviderId = provider, Name = name, Hint = "", SecretEnvelope = new SecretBox(key).Seal($"secret of {name}", id),
                CreatedAt = PortalHost.Now(), UpdatedAt = PortalHost.Now(),
            };
            db.Credentials.AddRange(Sealed(readable, "old", old), Sealed(current, "new", PortalHost.MasterKey), Sealed(unreadable, "lost", lost));
            await db.SaveChangesAsync();
        }

        var command = new ResealCredentials(portal.Get<ConfigurationWriter>(), new SecretBox(PortalHost.MasterKey, [old]), portal.Get<AspireGateway.Shared.Content.ContentKeyStore>());
        var actor = PortalHost.Actor(Roles.Platform, organisation);
        var first = (await command.RunAsync(actor, default)).Value;
        Assert.Equal(1, first.Resealed);
        Assert.Equal(["lost"], first.Unreadable);
        var revision = await portal.RevisionAsync();
        Assert.Equal(0, (await command.RunAsync(actor, default)).Value.Resealed);
        Assert.Equal(revision, await portal.RevisionAsync());

        await using var fresh = portal.Db();
        var box = new SecretBox(PortalHost.MasterKey);
        var rows = await fresh.Credentials.Where(c => c.OrganisationId == organisation).ToDictionaryAsync(c => c.Id, c => c.SecretEnvelope);
        Assert.Equal("secret of old", box.Open(rows[readable], readable));
        Assert.Equal("secret of new", box.Open(rows[current], current));
        Assert.Null(box.Open(rows[unreadable], unreadable));
    }

    private static string NewKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
}
