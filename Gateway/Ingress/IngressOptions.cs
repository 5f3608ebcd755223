namespace AspireGateway.Gateway.Ingress;

/// <summary>What this installation accepts; section <c>Gateway:Ingress</c>. A key may set its own sizes.</summary>
internal sealed class IngressOptions
{
    /// <summary>Largest JSON body, in bytes.</summary>
    public long MaxBodyBytes { get; set; } = 32 * 1024 * 1024;

    /// <summary>Largest multipart body, in bytes.</summary>
    public long MaxMultipartBytes { get; set; } = 100 * 1024 * 1024;

    /// <summary>Deepest nesting of a JSON body.</summary>
    public int MaxJsonDepth { get; set; } = 64;
}
