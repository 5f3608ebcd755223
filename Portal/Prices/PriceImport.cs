using AspireGateway.Shared.Domain;

namespace AspireGateway.Portal.Prices;

/// <summary>What an import did, or would do.</summary>
public sealed record PriceImport
{
    /// <summary>True: nothing was changed, this is what would be.</summary>
    public required bool DryRun { get; init; }

    /// <summary>The file's name.</summary>
    public required string FileName { get; init; }

    /// <summary>How many models the file knows.</summary>
    public required int ModelsInFile { get; init; }

    /// <summary>Deployments that had no price and get one.</summary>
    public required int New { get; init; }

    /// <summary>Deployments whose price is followed by another.</summary>
    public required int Changed { get; init; }

    /// <summary>Deployments whose price is the file's already.</summary>
    public required int Unchanged { get; init; }

    /// <summary>Deployments whose price differs but was set by hand, and therefore stays.</summary>
    public required int Kept { get; init; }

    /// <summary>Deployments whose model the file does not know.</summary>
    public required int Unknown { get; init; }

    /// <summary>Each deployment with what becomes of it, by name.</summary>
    public required IReadOnlyList<PriceImportRow> Deployments { get; init; }
}

/// <summary>A deployment in an import.</summary>
public sealed record PriceImportRow
{
    /// <summary>The deployment.</summary>
    public required Guid DeploymentId { get; init; }

    /// <summary>Its name.</summary>
    public required string Deployment { get; init; }

    /// <summary>Its provider's slug.</summary>
    public required string Provider { get; init; }

    /// <summary>The provider's name of the model.</summary>
    public required string UpstreamModel { get; init; }

    /// <summary>What becomes of it; of <see cref="PriceOutcomes"/>.</summary>
    public required string Outcome { get; init; }

    /// <summary>Its price before; null = it has none.</summary>
    public PriceComponents? Before { get; init; }

    /// <summary>The file's price; null = the file knows none.</summary>
    public PriceComponents? After { get; init; }
}

/// <summary>What becomes of a deployment in an import.</summary>
public static class PriceOutcomes
{
    /// <summary>It had no price and gets one.</summary>
    public const string New = "new";

    /// <summary>Its price is followed by another.</summary>
    public const string Changed = "changed";

    /// <summary>Its price is the file's already.</summary>
    public const string Unchanged = "unchanged";

    /// <summary>Its price was set by hand and stays.</summary>
    public const string Kept = "kept";

    /// <summary>The file does not know its model.</summary>
    public const string Unknown = "unknown";
}

/// <summary>A stored price book, without its content.</summary>
public sealed record PriceBookDetails
{
    /// <summary>UUIDv7.</summary>
    public required Guid Id { get; init; }

    /// <summary>The file's name.</summary>
    public required string FileName { get; init; }

    /// <summary>SHA-256 of the file, in hexadecimal.</summary>
    public required string Sha256 { get; init; }

    /// <summary>How many models it knows.</summary>
    public required int ModelCount { get; init; }

    /// <summary>Who imported it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Of a row.</summary>
    public static PriceBookDetails Of(PriceBookVersion b) => new()
    {
        Id = b.Id, FileName = b.FileName, Sha256 = Convert.ToHexStringLower(b.Sha256), ModelCount = b.ModelCount, CreatedBy = b.CreatedBy, CreatedAt = b.CreatedAt,
    };
}
