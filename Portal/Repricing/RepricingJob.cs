using AspireGateway.Portal.Configuration;
using Npgsql;

namespace AspireGateway.Portal.Repricing;

/// <summary>A re-pricing and how far it is.</summary>
public sealed record RepricingJob
{
    internal const string Columns =
        "id, organisation_id, deployment_id, deployment, price_version_id, from_at, to_at, reason, status, total, looked_at, corrected, left_alone, old_nano_usd, new_nano_usd, last_at, last_id, created_by, created_at, ended_at";

    /// <summary>Its id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The deployment whose records are priced anew.</summary>
    public required Guid DeploymentId { get; init; }

    /// <summary>Its name when the job was started.</summary>
    public required string Deployment { get; init; }

    /// <summary>The price that they get.</summary>
    public required Guid PriceVersionId { get; init; }

    /// <summary>Where the span begins.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>Where it ends; this moment is not in it.</summary>
    public required DateTimeOffset To { get; init; }

    /// <summary>Why.</summary>
    public required string Reason { get; init; }

    /// <summary>One of <see cref="RepricingStatuses"/>.</summary>
    public required string Status { get; init; }

    /// <summary>Records that it was to look at when it was started.</summary>
    public required long Total { get; init; }

    /// <summary>Records that it has looked at.</summary>
    public required long LookedAt { get; init; }

    /// <summary>Records that it has priced anew.</summary>
    public required long Corrected { get; init; }

    /// <summary>Records that it left as they are, because their price alone does not explain their cost.</summary>
    public required long LeftAlone { get; init; }

    /// <summary>What the corrected records cost before, in nano-USD.</summary>
    public required long OldNanoUsd { get; init; }

    /// <summary>What they cost now, in nano-USD.</summary>
    public required long NewNanoUsd { get; init; }

    /// <summary>Who started it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it ended; null = it runs.</summary>
    public required DateTimeOffset? EndedAt { get; init; }

    /// <summary>Whose it is.</summary>
    internal Guid OrganisationId { get; init; }

    /// <summary>The last record that was looked at; null = none was.</summary>
    internal (DateTimeOffset At, Guid Id)? Last { get; init; }

    internal static RepricingJob Of(NpgsqlDataReader r) => new()
    {
        Id = r.GetGuid(0), OrganisationId = r.GetGuid(1), DeploymentId = r.GetGuid(2), Deployment = r.GetString(3), PriceVersionId = r.GetGuid(4), From = r.GetFieldValue<DateTimeOffset>(5),
        To = r.GetFieldValue<DateTimeOffset>(6), Reason = r.GetString(7), Status = r.GetString(8), Total = r.GetInt64(9), LookedAt = r.GetInt64(10), Corrected = r.GetInt64(11), LeftAlone = r.GetInt64(12),
        OldNanoUsd = r.GetInt64(13), NewNanoUsd = r.GetInt64(14), Last = r.IsDBNull(15) ? null : (r.GetFieldValue<DateTimeOffset>(15), r.GetGuid(16)), CreatedBy = r.GetString(17),
        CreatedAt = r.GetFieldValue<DateTimeOffset>(18), EndedAt = r.Nullable<DateTimeOffset>(19),
    };
}

/// <summary>How a re-pricing stands.</summary>
public static class RepricingStatuses
{
    /// <summary>It goes on, in this portal or the next one.</summary>
    public const string Running = "running";

    /// <summary>It came to its end.</summary>
    public const string Done = "done";

    /// <summary>Somebody ended it; what was priced anew stays so.</summary>
    public const string Cancelled = "cancelled";
}
