namespace AspireGateway.Shared.Domain.Content;

/// <summary>In which form texts are kept.</summary>
public static class ContentForms
{
    /// <summary>As guardrails left them: what they mask stands there as its placeholder, in the reply as well.</summary>
    public const string Masked = "masked";

    /// <summary>As callers sent and saw them.</summary>
    public const string Sent = "sent";

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<string> All = [Masked, Sent];
}
