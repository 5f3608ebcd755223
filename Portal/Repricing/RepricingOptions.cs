namespace AspireGateway.Portal.Repricing;

/// <summary>How re-pricing works; section <c>Portal:Repricing</c>.</summary>
internal sealed class RepricingOptions
{
    /// <summary>Records of one transaction, 1 to 50,000: what is done again after a kill, and how long gateways that correct one of them wait.</summary>
    public int BatchRecords { get; set; } = 2000;

    /// <summary>Milliseconds from one look for jobs to the next, at least 100.</summary>
    public int EveryMs { get; set; } = 2000;

    /// <summary>Records of one job at most: a preview reads them all while somebody waits.</summary>
    public long MostRecords { get; set; } = 2_000_000;
}
