namespace AspireGateway.Portal.ConfigurationFiles;

/// <summary>What the audit keeps of an import or a rollback, beside the entries of the things themselves.</summary>
public sealed record ConfigurationNote
{
    /// <summary>Kind of the audit's entry.</summary>
    public const string Kind = "configuration";

    /// <summary>The file's name, or where it went back to.</summary>
    public required string Name { get; init; }

    /// <summary>The revision that was gone back to; null = it was an import.</summary>
    public long? RolledBackTo { get; init; }

    /// <summary>Whether things that were not named ended.</summary>
    public required bool Pruned { get; init; }

    /// <summary>Things that were made.</summary>
    public required int Created { get; init; }

    /// <summary>Things that were changed.</summary>
    public required int Changed { get; init; }

    /// <summary>Things that were deleted, archived or aborted.</summary>
    public required int Ended { get; init; }
}
