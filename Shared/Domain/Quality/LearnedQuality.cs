namespace AspireGateway.Shared.Domain.Quality;

/// <summary>How well one model does one task by the votes of the organisation's users. Stands beside the published table and counts where that has nothing.</summary>
public sealed class LearnedQuality
{
    /// <summary>The organisation it belongs to.</summary>
    public Guid OrganisationId { get; set; }

    /// <summary>The task's label.</summary>
    public required string Task { get; set; }

    /// <summary>The provider's slug.</summary>
    public required string Provider { get; set; }

    /// <summary>The provider's own name of the model.</summary>
    public required string Model { get; set; }

    /// <summary>Mean of the votes, old ones less, 0 to 1.</summary>
    public double Mean { get; set; }

    /// <summary>Lower end of its 95 % interval.</summary>
    public double Lower { get; set; }

    /// <summary>Upper end of its 95 % interval.</summary>
    public double Upper { get; set; }

    /// <summary>How many votes.</summary>
    public int Votes { get; set; }

    /// <summary>Of how many users.</summary>
    public int Users { get; set; }

    /// <summary>When it was worked out.</summary>
    public DateTimeOffset UpdatedAt { get; set; }
}
