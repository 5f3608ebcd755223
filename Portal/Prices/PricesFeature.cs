namespace AspireGateway.Portal.Prices;

/// <summary>Registration of this folder.</summary>
public static class PricesFeature
{
    /// <summary>Adds its queries and commands.</summary>
    public static void AddPrices(this IServiceCollection services) => services
        .AddSingleton<PricesQuery>()
        .AddSingleton<PriceHistoryQuery>()
        .AddSingleton<SetPrice>()
        .AddSingleton<PriceBooks>()
        .AddSingleton<PriceBookQuery>()
        .AddSingleton<ImportPrices>();
}
