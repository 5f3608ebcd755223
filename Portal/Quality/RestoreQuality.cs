using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Quality;

/// <summary>Puts an older version of the table of quality back, as a new version: nothing of the history is lost. For those who manage models.</summary>
public sealed class RestoreQuality(ConfigurationWriter writer)
{
    /// <summary>Puts it back; gateways follow within a second.</summary>
    public async Task<Result<QualityVersionDetails>> RunAsync(Actor actor, int version, RestoreQualityRequest request, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageModels) is { } refusal) return refusal;
        ArgumentNullException.ThrowIfNull(request);
        var organisation = actor.OrganisationId!.Value;
        var checks = new FieldChecks();
        var note = checks.Optional("note", request.Note, 500) ?? $"Version {version} again";
        if (checks.Failure is { } faults) return faults;

        return await writer.WriteAsync<QualityVersionDetails>(actor, async (write, token) =>
        {
            var old = await write.Context.QualityVersions.AsNoTracking().FirstOrDefaultAsync(v => v.OrganisationId == organisation && v.Version == version, token);
            if (old is null) return new Failure.NotFound("version of the table");
            var now = await PublishQuality.CurrentAsync(write.Context, organisation, token);
            if (now.Version == version) return new Failure.Conflict($"Version {version} is the one that counts already.");
            var cells = (await PublishQuality.CellsAsync(write.Context, old.Id, token)).ConvertAll(QualityCellDetails.Of);
            return PublishQuality.Add(
                write, actor, organisation, new() { Source = old.Source, Note = note, RestoredFrom = version, CreatedBy = actor.Name }, now, cells, "quality.restore");
        }, cancellationToken);
    }
}
