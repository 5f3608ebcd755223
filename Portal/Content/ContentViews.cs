namespace AspireGateway.Portal.Content;

/// <summary>Views of the content page, as its address names them.</summary>
internal static class ContentViews
{
    /// <summary>Policies; the address without a view.</summary>
    public const string Policies = "policies";

    /// <summary>Legal holds.</summary>
    public const string Holds = "holds";

    /// <summary>Erasures.</summary>
    public const string Erasures = "erasures";
}
