using System.Text.Json;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.ConfigurationFiles;

/// <summary>What is asked of a rollback.</summary>
public sealed record RollBackConfigurationRequest
{
    /// <summary>The revision to go back to: the configuration as it stood right after it.</summary>
    public long? To { get; init; }
}

/// <summary>Goes back to an earlier revision: the difference backwards, as one import. For operators and organisation admins.</summary>
public sealed class RollBackConfiguration
{
    private readonly ConfigurationChanger changer;
    private readonly FileKinds kinds;

    internal RollBackConfiguration(ConfigurationChanger changer, FileKinds kinds) => (this.changer, this.kinds) = (changer, kinds);

    /// <summary>Rolls back, or says what would change.</summary>
    /// <param name="actor">Who rolls back.</param>
    /// <param name="request">Whereto.</param>
    /// <param name="revision">The revision of the dry run; null = whatever was changed since.</param>
    /// <param name="dryRun">True: nothing is changed.</param>
    /// <param name="progress">Is told how far it is.</param>
    /// <param name="cancellationToken">Ends it before the commit; nothing is changed then.</param>
    public async Task<Result<ConfigurationImport>> RunAsync(
        Actor actor, RollBackConfigurationRequest request, long? revision, bool dryRun, IProgress<ImportProgress>? progress, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageConfiguration) is { } refusal) return refusal;
        ArgumentNullException.ThrowIfNull(request);
        if (request.To is not { } to) return new Failure.Invalid([new("to", "to is the revision to go back to.")]);
        var organisation = actor.OrganisationId!.Value;
        return await changer.RunAsync(actor, async (write, state, token) =>
        {
            if (!await write.Context.AuditEntries.AnyAsync(a => a.OrganisationId == organisation && a.Revision == to && !Machines.Names.Contains(a.Actor), token))
                return new Failure.NotFound("revision");
            HouseState earlier;
            try
            {
                var wound = await HouseRewind.ToAsync(write.Context, organisation, to, write.Now, token);
                if (wound.Failure is { } failure) return failure;
                earlier = wound.Value;
            }
            catch (JsonException)
            {
                return new Failure.Conflict("Something in between was recorded by an earlier version in a form that cannot be put back. Change it by hand.");
            }
            return new Wish
            {
                Things = kinds.Of(earlier), Prune = true, Sections = kinds.All.Select(k => k.Section).ToHashSet(StringComparer.Ordinal), Action = "configuration.roll_back",
                Name = $"back to revision {to}", RolledBackTo = to,
            };
        }, revision, dryRun, progress, cancellationToken);
    }
}
