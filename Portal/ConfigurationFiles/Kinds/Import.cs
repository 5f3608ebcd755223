using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Portal.Webhooks;
using AspireGateway.Shared.Data;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.ConfigurationFiles.Kinds;

/// <summary>An import under way: who runs it, inside which change, and what names stand for by now.</summary>
internal sealed class Import(Actor actor, ConfigurationWrite write, HouseState state)
{
    private readonly Dictionary<(string Section, string Name), Guid> made = [];

    /// <summary>Who acts, as part of the change.</summary>
    public Actor Actor => actor;

    /// <summary>The configuration as it was before.</summary>
    public HouseState State => state;

    /// <summary>The rows, inside the change.</summary>
    public GatewayDbContext Rows => write.Context;

    /// <summary>Webhooks that were made with their secrets, which are shown once.</summary>
    public List<CreatedWebhook> Secrets { get; } = [];

    /// <summary>Remembers what was made under which name.</summary>
    public Failure? Made<T>(Thing thing, Result<T> result, Func<T, Guid> id)
    {
        if (result.Failure is { } failure) return failure;
        made[thing.Key] = id(result.Value);
        return null;
    }

    /// <summary>The id of a thing that was there before or was made since; null = there is none yet.</summary>
    public Guid? IdOf(Thing thing) => thing.Id ?? (made.TryGetValue(thing.Key, out var id) ? id : null);

    /// <summary>A provider by its slug.</summary>
    public Guid? Provider(string? slug) => Find("providers", slug, state.Providers.Values.FirstOrDefault(p => p.Slug == slug)?.Id);

    /// <summary>A deployment by its name.</summary>
    public Guid? Deployment(string? name) => Find("deployments", name, name is null ? null : deployments.Value.TryGetValue(name, out var id) ? id : null);

    /// <summary>A team by its slug.</summary>
    public Guid? Team(string? slug) => Find("teams", slug, state.Teams.Values.FirstOrDefault(t => t.Slug == slug)?.Id);

    /// <summary>A credential of a provider by its name.</summary>
    public Guid? Credential(Guid provider, string name) => state.Credentials.Values.FirstOrDefault(c => c.ProviderId == provider && c.Name == name)?.Id;

    /// <summary>A live key by <c>team/name</c>, or any by its id; null = there is none.</summary>
    public async Task<Guid?> KeyAsync(string name, CancellationToken cancellationToken)
    {
        if (Guid.TryParse(name, out var id)) return id;
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0) return null;
        var (team, key) = (name[..slash], name[(slash + 1)..]);
        return await Rows.VirtualKeys.Where(k => k.OrganisationId == actor.OrganisationId && k.Name == key && k.RevokedAt == null)
            .Join(Rows.Teams.Where(t => t.Slug == team), k => k.TeamId, t => t.Id, (k, t) => (Guid?)k.Id).FirstOrDefaultAsync(cancellationToken);
    }

    /// <summary>What is said where a name stands for nothing.</summary>
    public static Failure.Invalid Unknown(string field, string what, string? name) => new([new(field, $"There is no {what} {name}, neither in the organisation nor in the file.")]);

    private readonly Lazy<Dictionary<string, Guid>> deployments = new(() => state.Deployments.Values.ToDictionary(d => d.Name, d => d.Id, StringComparer.Ordinal));

    private Guid? Find(string section, string? name, Guid? before) => name is null ? null : made.TryGetValue((section, name), out var id) ? id : before;
}
