namespace AspireGateway.Portal.Organisations;

/// <summary>Registration of this folder.</summary>
public static class OrganisationsFeature
{
    /// <summary>Adds its queries and commands.</summary>
    public static void AddOrganisations(this IServiceCollection services)
    {
        services
            .AddSingleton<OrganisationsQuery>()
            .AddSingleton<CreateOrganisation>()
            .AddSingleton<UpdateOrganisation>();
        OrganisationUndos.Add(services);
    }
}
