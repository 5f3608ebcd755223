using AspireGateway.Shared.Domain.Quality;

namespace AspireGateway.Portal.Quality;

/// <summary>A version of the table of quality, without its cells, as commands and the audit show it.</summary>
public sealed record QualityVersionDetails
{
    /// <summary>UUIDv7.</summary>
    public required Guid Id { get; init; }

    /// <summary>Its number, from 1; the highest one counts.</summary>
    public required int Version { get; init; }

    /// <summary>Where what is new in it comes from; of <see cref="QualitySources"/>.</summary>
    public required string Source { get; init; }

    /// <summary>What it is, for people.</summary>
    public required string Note { get; init; }

    /// <summary>The version that it puts back; null = it is none of the kind.</summary>
    public int? RestoredFrom { get; init; }

    /// <summary>How many cells it has.</summary>
    public required int Cells { get; init; }

    /// <summary>When it was published.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who published it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>Of a row.</summary>
    public static QualityVersionDetails Of(QualityVersion v, int cells) => new()
    {
        Id = v.Id, Version = v.Version, Source = v.Source, Note = v.Note, RestoredFrom = v.RestoredFrom, Cells = cells, CreatedAt = v.CreatedAt, CreatedBy = v.CreatedBy,
    };
}

/// <summary>How well one model does one task.</summary>
public sealed record QualityCellDetails
{
    /// <summary>The task's label.</summary>
    public required string Task { get; init; }

    /// <summary>The provider's slug.</summary>
    public required string Provider { get; init; }

    /// <summary>The provider's own name of the model.</summary>
    public required string Model { get; init; }

    /// <summary>Mean score, 0 to 1.</summary>
    public required double Mean { get; init; }

    /// <summary>Lower end of its 95 % interval.</summary>
    public required double Lower { get; init; }

    /// <summary>Upper end of its 95 % interval.</summary>
    public required double Upper { get; init; }

    /// <summary>How many samples; votes in what is learned.</summary>
    public required int Samples { get; init; }

    /// <summary>How many users voted; null = it is not learned.</summary>
    public int? Users { get; init; }

    /// <summary>The day on which it was measured.</summary>
    public required DateOnly Date { get; init; }

    /// <summary>Where it comes from; of <see cref="QualitySources"/>.</summary>
    public required string Source { get; init; }

    /// <summary>The version of the table that brought these figures; null = it is learned, and in no version.</summary>
    public int? SetIn { get; init; }

    /// <summary>Of a published cell.</summary>
    public static QualityCellDetails Of(QualityCell c) => new()
    {
        Task = c.Task, Provider = c.Provider, Model = c.Model, Mean = c.Mean, Lower = c.Lower, Upper = c.Upper, Samples = c.Samples, Date = c.MeasuredOn, Source = c.Source, SetIn = c.SetIn,
    };

    /// <summary>Of what feedback says.</summary>
    public static QualityCellDetails Of(LearnedQuality l) => new()
    {
        Task = l.Task, Provider = l.Provider, Model = l.Model, Mean = l.Mean, Lower = l.Lower, Upper = l.Upper, Samples = l.Votes, Users = l.Users,
        Date = DateOnly.FromDateTime(l.UpdatedAt.UtcDateTime), Source = QualitySources.Feedback,
    };
}

/// <summary>A version of the table with its cells.</summary>
public sealed record QualityTable
{
    /// <summary>The version; null = nothing was ever published.</summary>
    public QualityVersionDetails? Version { get; init; }

    /// <summary>Its cells, by task, provider and model.</summary>
    public required IReadOnlyList<QualityCellDetails> Cells { get; init; }

    /// <summary>What feedback says now; it counts where no cell is. Empty for older versions.</summary>
    public required IReadOnlyList<QualityCellDetails> Learned { get; init; }
}
