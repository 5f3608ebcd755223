namespace AspireGateway.Portal.Webhooks;

/// <summary>What the installation allows webhooks; section <c>Portal:Webhooks</c>.</summary>
public sealed class WebhookOptions
{
    /// <summary>Whether webhooks may be on a private network or this machine, and without TLS. Link-local and metadata addresses never are allowed.</summary>
    public bool AllowPrivate { get; set; }
}
