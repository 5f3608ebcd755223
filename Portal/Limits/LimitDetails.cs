using AspireGateway.Shared.Domain.Limits;

namespace AspireGateway.Portal.Limits;

/// <summary>A limit as commands and the audit show it.</summary>
public record LimitDetails
{
    /// <summary>UUIDv7.</summary>
    public required Guid Id { get; init; }

    /// <summary>What it is set on; of <see cref="ScopeKinds"/>.</summary>
    public required string ScopeKind { get; init; }

    /// <summary>Which one: an id or a name; null = the default of every one without its own, or the one there is.</summary>
    public string? ScopeId { get; init; }

    /// <summary>What is counted; of <see cref="LimitUnits"/>.</summary>
    public required string Unit { get; init; }

    /// <summary>How many.</summary>
    public required long Amount { get; init; }

    /// <summary>In which time; null for concurrency and output tokens.</summary>
    public string? Period { get; init; }

    /// <summary>How many at once after a pause; null = a tenth of the amount.</summary>
    public long? Burst { get; init; }

    /// <summary>What happens at the limit; of <see cref="LimitActions"/>.</summary>
    public required string OnLimit { get; init; }

    /// <summary>How long a request may wait, in milliseconds; for queueing.</summary>
    public int? QueueMs { get; init; }

    /// <summary>The cheaper model; for downgrading.</summary>
    public string? DowngradeModel { get; init; }

    /// <summary>When it was set.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who set it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>Of a row.</summary>
    public static LimitDetails Of(Limit l) => new()
    {
        Id = l.Id, ScopeKind = l.ScopeKind, ScopeId = l.ScopeId, Unit = l.Unit, Amount = l.Amount, Period = l.Period, Burst = l.Burst, OnLimit = l.OnLimit,
        QueueMs = l.QueueMs, DowngradeModel = l.DowngradeModel, CreatedAt = l.CreatedAt, CreatedBy = l.CreatedBy,
    };
}

/// <summary>A limit in the list.</summary>
public sealed record LimitRow : LimitDetails
{
    /// <summary>The scope's name for people: a team's, key's or deployment's; else its id; null = a default, or the one there is.</summary>
    public string? ScopeName { get; init; }
}
