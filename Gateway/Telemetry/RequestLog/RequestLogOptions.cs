namespace AspireGateway.Gateway.Telemetry.RequestLog;

/// <summary>The log with a line for each request; section <c>Gateway:RequestLog</c>.</summary>
internal sealed class RequestLogOptions
{
    /// <summary>Standard output.</summary>
    public const string StandardOutput = "-";

    /// <summary>The file; <c>-</c> = standard output. Null or empty = no such log is written.</summary>
    public string? Path { get; set; }

    /// <summary>Share of the requests with status <c>ok</c> that get a line, 0 to 1. All others get one always.</summary>
    public double SuccessShare { get; set; } = 1;

    /// <summary>A file that has become larger is put aside, in megabytes, 1 to 10,000.</summary>
    public int MaxMegabytes { get; set; } = 100;

    /// <summary>How many files are put aside before the oldest is deleted, 0 to 1,000.</summary>
    public int KeepFiles { get; set; } = 5;

    /// <summary>Whether it is written at all.</summary>
    public bool IsOn => !string.IsNullOrWhiteSpace(Path);

    /// <summary>What is out of range; null = nothing.</summary>
    public string? Fault() =>
        SuccessShare is not (>= 0 and <= 1) ? nameof(SuccessShare)
        : MaxMegabytes is < 1 or > 10_000 ? nameof(MaxMegabytes)
        : KeepFiles is < 0 or > 1_000 ? nameof(KeepFiles) : null;
}
