using AspireGateway.Portal.Configuration;
using Npgsql;

namespace AspireGateway.Portal.UsageExports;

/// <summary>A file of usage: what is in it, or why it is not there yet.</summary>
public sealed record ExportRun
{
    internal const string Columns = "id, export_id, from_at, to_at, file, status, records, late, bytes, sha256, attempts, error, created_at, ended_at";

    /// <summary>Its id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The schedule.</summary>
    public required Guid ExportId { get; init; }

    /// <summary>Where its time begins.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>Where it ends; this moment is not in it.</summary>
    public required DateTimeOffset To { get; init; }

    /// <summary>The file below the folder of exports; its manifest is beside it, with <c>.manifest.json</c> behind the name.</summary>
    public required string File { get; init; }

    /// <summary><c>running</c> (also while it is tried again) or <c>done</c>.</summary>
    public required string Status { get; init; }

    /// <summary>Records in it; null = it is not done.</summary>
    public required long? Records { get; init; }

    /// <summary>Records of earlier times in it, which came or were corrected after their file.</summary>
    public required long? Late { get; init; }

    /// <summary>Its length.</summary>
    public required long? Bytes { get; init; }

    /// <summary>SHA-256 of the file, in hex.</summary>
    public required string? Sha256 { get; init; }

    /// <summary>How often it was begun.</summary>
    public required int Attempts { get; init; }

    /// <summary>Why the last try failed; null = it did not.</summary>
    public required string? Error { get; init; }

    /// <summary>When it was begun.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was done.</summary>
    public required DateTimeOffset? EndedAt { get; init; }

    internal static ExportRun Of(NpgsqlDataReader r) => new()
    {
        Id = r.GetGuid(0), ExportId = r.GetGuid(1), From = r.GetFieldValue<DateTimeOffset>(2), To = r.GetFieldValue<DateTimeOffset>(3), File = r.GetString(4), Status = r.GetString(5),
        Records = r.Nullable<long>(6), Late = r.Nullable<long>(7), Bytes = r.Nullable<long>(8), Sha256 = r.Text(9), Attempts = r.GetInt32(10), Error = r.Text(11),
        CreatedAt = r.GetFieldValue<DateTimeOffset>(12), EndedAt = r.Nullable<DateTimeOffset>(13),
    };
}
