namespace AspireGateway.Portal.AccessTokens;

/// <summary>Bounds of access tokens; section <c>Portal:AccessTokens</c>.</summary>
public sealed class AccessTokenSettings
{
    /// <summary>Longest life of a token, in days.</summary>
    public int MaxDays { get; set; } = 365;

    /// <summary>Most tokens of one person that work at a time, in one organisation.</summary>
    public int MaxLive { get; set; } = 50;
}
