namespace AspireGateway.Shared.Domain.Caching;

/// <summary>Whether providers are asked to keep the beginning of a prompt.</summary>
public static class PrefixModes
{
    /// <summary>Nothing is added to what callers say.</summary>
    public const string Off = "off";

    /// <summary>A beginning is marked once it was seen before: one that comes once pays no premium.</summary>
    public const string Auto = "auto";

    /// <summary>A beginning that is long enough is marked the first time too.</summary>
    public const string Always = "always";

    /// <summary>All of them, the narrowest first.</summary>
    public static readonly IReadOnlyList<string> All = [Off, Auto, Always];
}
