namespace AspireGateway.Portal.Costs;

/// <summary>Registration of this folder.</summary>
public static class CostsFeature
{
    /// <summary>Adds its queries.</summary>
    public static void AddCosts(this IServiceCollection services) => services.AddSingleton<CostsQuery>().AddSingleton<StatementQuery>();
}
