namespace AspireGateway.Portal.Components.Frame;

/// <summary>Where callers reach the gateway, for snippets and test requests.</summary>
public sealed class PublicAddress(IConfiguration configuration)
{
    /// <summary>Address without a slash at the end and without <c>/v1</c>: <c>Portal:GatewayUrl</c> where callers use another name than the portal, else the service's.</summary>
    public string Gateway { get; } =
        (configuration["Portal:GatewayUrl"] ?? configuration["services:gateway:https:0"] ?? configuration["services:gateway:http:0"] ?? "http://localhost:8080").TrimEnd('/');
}
