namespace AspireGateway.Portal.Live;

/// <summary>What a page may follow.</summary>
[Flags]
public enum LiveSubjects
{
    /// <summary>Nothing: the page shows what was there when it was opened.</summary>
    None = 0,

    /// <summary>Changes of the configuration, by people and by gateways.</summary>
    Configuration = 1,

    /// <summary>Usage that was rolled up.</summary>
    Usage = 2,
}
