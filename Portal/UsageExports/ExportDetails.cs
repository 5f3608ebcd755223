using AspireGateway.Portal.Configuration;
using Npgsql;

namespace AspireGateway.Portal.UsageExports;

/// <summary>A schedule by which usage is written to files.</summary>
public sealed record ExportDetails
{
    internal const string Columns = "id, name, format, period, is_enabled, next_from, created_by, created_at";

    /// <summary>Its id.</summary>
    public required Guid Id { get; init; }

    /// <summary>Its name, and its folder below the organisation's.</summary>
    public required string Name { get; init; }

    /// <summary><c>csv</c> or <c>ndjson</c>.</summary>
    public required string Format { get; init; }

    /// <summary>One of <see cref="ExportPeriods"/>.</summary>
    public required string Period { get; init; }

    /// <summary>Whether it goes on; one that was paused catches up, file by file.</summary>
    public required bool IsEnabled { get; init; }

    /// <summary>Where its next file begins.</summary>
    public required DateTimeOffset NextFrom { get; init; }

    /// <summary>Who made it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    internal static ExportDetails Of(NpgsqlDataReader r) => new()
    {
        Id = r.GetGuid(0), Name = r.GetString(1), Format = r.GetString(2), Period = r.GetString(3), IsEnabled = r.GetBoolean(4), NextFrom = r.GetFieldValue<DateTimeOffset>(5), CreatedBy = r.GetString(6),
        CreatedAt = r.GetFieldValue<DateTimeOffset>(7),
    };
}
