using AspireGateway.Portal.Configuration;
using AspireGateway.Shared.Domain.Anomalies;
using AspireGateway.Shared.Domain.Limits;
using Npgsql;

namespace AspireGateway.Portal.Alerts.Brakes;

/// <summary>What a policy did to a key that ran away, as commands and the audit show it.</summary>
public record KeyBrakeDetails
{
    /// <summary>UUIDv7.</summary>
    public required Guid Id { get; init; }

    /// <summary>Always <c>key</c>.</summary>
    public string ScopeKind { get; init; } = ScopeKinds.Key;

    /// <summary>The key's id.</summary>
    public required string ScopeId { get; init; }

    /// <summary>The alert that it answers; alerts are forgotten after 400 days.</summary>
    public required Guid AlertId { get; init; }

    /// <summary><c>stop</c> or <c>throttle</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Of a throttle: most requests a minute.</summary>
    public int? RequestsPerMinute { get; init; }

    /// <summary>Why; refused callers read it.</summary>
    public required string Reason { get; init; }

    /// <summary>Since when.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Until when; null = until a person lifts it.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>When it ended; null = it holds, unless its time is over.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Who ended it: a person's name, or <c>anomaly watch</c> where its time was over.</summary>
    public string? EndedBy { get; init; }

    /// <summary>The columns of a row <c>b</c> in the order in which <see cref="Row"/> reads them.</summary>
    internal const string Columns = "b.id, b.key_id, b.alert_id, b.kind, b.requests_per_minute, b.reason, b.created_at, b.until, b.ended_at, b.ended_by";

    /// <summary>Whether <c>b</c> holds at <c>@now</c>.</summary>
    internal const string Holds = "b.ended_at is null and (b.until is null or b.until > @now)";

    /// <summary>Whether it holds at a moment.</summary>
    public bool HoldsAt(DateTimeOffset now) => EndedAt is null && !(Until <= now);

    /// <summary>Of a row.</summary>
    public static KeyBrakeDetails Of(KeyBrake b) => new()
    {
        Id = b.Id, ScopeId = b.KeyId.ToString(), AlertId = b.AlertId, Kind = b.Kind, RequestsPerMinute = b.RequestsPerMinute, Reason = b.Reason, CreatedAt = b.CreatedAt, Until = b.Until, EndedAt = b.EndedAt,
        EndedBy = b.EndedBy,
    };

    internal static KeyBrakeDetails Row(NpgsqlDataReader r) => new()
    {
        Id = r.GetGuid(0), ScopeId = r.GetGuid(1).ToString(), AlertId = r.GetGuid(2), Kind = r.GetString(3), RequestsPerMinute = r.Nullable<int>(4), Reason = r.GetString(5),
        CreatedAt = r.GetFieldValue<DateTimeOffset>(6), Until = r.Nullable<DateTimeOffset>(7), EndedAt = r.Nullable<DateTimeOffset>(8), EndedBy = r.Text(9),
    };
}
