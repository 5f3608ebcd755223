using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain.Quality;

namespace AspireGateway.Portal.Quality;

/// <summary>Publishes figures of quality from a CSV file. For those who manage models.</summary>
public sealed class ImportQuality(PublishQuality publish)
{
    /// <summary>Imports the file, or says what that would change. A file with a fault is refused whole.</summary>
    /// <param name="actor">Who imports.</param>
    /// <param name="file">The file, see <see cref="QualityFile"/>.</param>
    /// <param name="options">Note, replace and dry run; its cells are not looked at.</param>
    /// <param name="cancellationToken">Ends it before the commit; nothing is changed then.</param>
    public async Task<Result<QualityPublication>> RunAsync(Actor actor, Stream file, PublishQualityRequest options, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageModels) is { } refusal) return refusal;
        var reading = await QualityFile.ReadAsync(file, cancellationToken);
        if (reading.Failure is { } faults) return faults;
        var (cells, lines) = reading.Value;
        if (cells.Count == 0) return new Failure.Invalid([new("file", "The file has no line but its first.")]);
        return await publish.RunAsync(actor, options with { Cells = cells }, QualitySources.Import, cancellationToken, i => $"line {lines[i]}");
    }
}
