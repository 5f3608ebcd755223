namespace AspireGateway.Portal.UsageExports;

/// <summary>A schedule by which usage is written to files.</summary>
public sealed record ExportRequest
{
    /// <summary>Its name, which is a folder too: lower-case letters, digits and dashes. Never changes.</summary>
    public string? Name { get; init; }

    /// <summary><c>csv</c> or <c>ndjson</c>; missing = csv.</summary>
    public string? Format { get; init; }

    /// <summary><c>hourly</c>, <c>daily</c> or <c>weekly</c> (days and weeks by the organisation's calendar); missing = daily.</summary>
    public string? Period { get; init; }
}
