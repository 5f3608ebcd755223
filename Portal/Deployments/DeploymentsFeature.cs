namespace AspireGateway.Portal.Deployments;

/// <summary>Registration of this folder.</summary>
public static class DeploymentsFeature
{
    /// <summary>Adds its queries and commands.</summary>
    public static void AddDeployments(this IServiceCollection services)
    {
        services
            .AddSingleton<DeploymentsQuery>()
            .AddSingleton<CreateDeployment>()
            .AddSingleton<UpdateDeployment>()
            .AddSingleton<DeleteDeployment>();
        DeploymentUndos.Add(services);
    }
}
