using AspireGateway.Portal.Webhooks;

namespace AspireGateway.Portal.ConfigurationFiles;

/// <summary>What an import or a rollback did, or would do.</summary>
public sealed record ConfigurationImport
{
    /// <summary>True: nothing was changed, this is what would be.</summary>
    public required bool DryRun { get; init; }

    /// <summary>Of a dry run: the organisation's revision that the file was compared with; pass it to the import, which is refused when the configuration changed since.</summary>
    public required long Revision { get; init; }

    /// <summary>Things that are made.</summary>
    public required int Created { get; init; }

    /// <summary>Things of which fields change.</summary>
    public required int Changed { get; init; }

    /// <summary>Things that are deleted, archived or aborted.</summary>
    public required int Ended { get; init; }

    /// <summary>Things that are named and stay as they are.</summary>
    public required int Unchanged { get; init; }

    /// <summary>What changes, thing by thing, in the order of a file.</summary>
    public required IReadOnlyList<ThingChange> Changes { get; init; }

    /// <summary>What does not stand in the way and should be known, as a credential that is missing.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>Webhooks that were made, with their secrets. The only time those are shown; none in a dry run.</summary>
    public IReadOnlyList<CreatedWebhook> Webhooks { get; init; } = [];
}

/// <summary>A thing that changes.</summary>
public sealed record ThingChange
{
    /// <summary>Its section of the file, e.g. <c>teams</c>.</summary>
    public required string Section { get; init; }

    /// <summary>What people call one, e.g. <c>team</c>.</summary>
    public required string What { get; init; }

    /// <summary>Which one.</summary>
    public required string Name { get; init; }

    /// <summary><c>create</c>, <c>change</c>, <c>delete</c>, <c>archive</c> or <c>abort</c>.</summary>
    public required string Outcome { get; init; }

    /// <summary>Its fields that differ; of a new one all, of one that ends none.</summary>
    public required IReadOnlyList<FieldChange> Fields { get; init; }
}

/// <summary>A field that differs.</summary>
/// <param name="Field">Its name, inside of others behind a point, e.g. <c>price.input</c>.</param>
/// <param name="Before">What stood there; null = nothing.</param>
/// <param name="After">What stands there then; null = nothing.</param>
public sealed record FieldChange(string Field, string? Before, string? After);

/// <summary>How an import is done.</summary>
public sealed record ImportConfigurationOptions
{
    /// <summary>Says what would change and changes nothing.</summary>
    public bool DryRun { get; init; }

    /// <summary>Also ends what the file does not name, in the sections that it has.</summary>
    public bool Prune { get; init; }

    /// <summary>The revision of the dry run; null = the file is brought in whatever was changed since.</summary>
    public long? Revision { get; init; }

    /// <summary>The file's name, for people.</summary>
    public string? FileName { get; init; }
}

/// <summary>How far an import is.</summary>
/// <param name="Done">Changes that were tried.</param>
/// <param name="Of">All of them.</param>
public sealed record ImportProgress(int Done, int Of);
