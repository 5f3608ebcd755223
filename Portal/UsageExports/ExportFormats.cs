namespace AspireGateway.Portal.UsageExports;

/// <summary>How a file is written.</summary>
public static class ExportFormats
{
    /// <summary>Comma-separated values with a header (RFC 4180).</summary>
    public const string Csv = "csv";

    /// <summary>One JSON object a line.</summary>
    public const string Ndjson = "ndjson";

    /// <summary>Both.</summary>
    public static readonly IReadOnlyList<string> All = [Csv, Ndjson];
}
