namespace AspireGateway.Portal.UsageExports;

/// <summary>Where usage files go; section <c>Portal:Exports</c>.</summary>
public sealed class ExportOptions
{
    /// <summary>The folder; below it one for each organisation and export. Several portals share it (a mounted volume), or only one of them writes.</summary>
    public string Folder { get; set; } = Path.Combine("data", "exports");

    /// <summary>Whether this portal writes files.</summary>
    public bool IsEnabled { get; set; } = true;

    /// <summary>Minutes after the end of a period before its file is written, so that journals are copied; what comes later is flagged as late in the next file. 0 to 1,440.</summary>
    public int WaitMinutes { get; set; } = 10;
}
