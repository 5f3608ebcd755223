using AspireGateway.Portal.Configuration;
using Npgsql;

namespace AspireGateway.Portal.Alerts.Mutes;

/// <summary>What is quiet for a time.</summary>
public sealed record MuteDetails
{
    /// <summary>UUIDv7.</summary>
    public required Guid Id { get; init; }

    /// <summary>Kind of alert; of <see cref="AlertKinds"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>Which subject; null = every one of the kind.</summary>
    public string? Subject { get; init; }

    /// <summary>Until when.</summary>
    public required DateTimeOffset Until { get; init; }

    /// <summary>Why.</summary>
    public required string Reason { get; init; }

    /// <summary>Since when.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who muted it.</summary>
    public required string CreatedBy { get; init; }

    internal const string Columns = "id, kind, subject, until, reason, created_at, created_by";

    internal static MuteDetails Row(NpgsqlDataReader r) => new()
    {
        Id = r.GetGuid(0), Kind = r.GetString(1), Subject = r.Text(2), Until = r.GetFieldValue<DateTimeOffset>(3), Reason = r.GetString(4), CreatedAt = r.GetFieldValue<DateTimeOffset>(5),
        CreatedBy = r.GetString(6),
    };
}
