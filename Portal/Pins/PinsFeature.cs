namespace AspireGateway.Portal.Pins;

/// <summary>Registration of this folder.</summary>
public static class PinsFeature
{
    /// <summary>Adds its query and commands.</summary>
    public static void AddPins(this IServiceCollection services)
    {
        services
            .AddSingleton<PinsQuery>()
            .AddSingleton<CreatePin>()
            .AddSingleton<UpdatePin>()
            .AddSingleton<DeletePin>();
        PinUndos.Add(services);
    }
}
