using Aspire.Hosting.ApplicationModel;

namespace AspireGateway.AppHost.AspireHost;

/// <summary>Parameters whose values are secrets of our own making.</summary>
internal static class SecretParameters
{
    /// <summary>
    /// Adds a secret parameter (<c>Parameters:name</c>). In run mode it is generated once and kept in the user secrets, because the data volumes
    /// outlive the process; when publishing it has no default, so that the deployment asks for it.
    /// </summary>
    public static IResourceBuilder<ParameterResource> AddSecret(
        this IDistributedApplicationBuilder builder, string name, RandomSecret generated, string description)
    {
        var parameter = builder.ExecutionContext.IsRunMode
            ? builder.AddParameter(name, generated, secret: true, persist: true)
            : builder.AddParameter(name, secret: true);
        return parameter.WithDescription(description);
    }
}
