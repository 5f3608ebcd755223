namespace AspireGateway.Portal.Components.Frame;

/// <summary>Registers what the pages' frame needs.</summary>
public static class FrameServices
{
    /// <summary>Adds it.</summary>
    public static void AddFrame(this IServiceCollection services) => services.AddSingleton<PublicAddress>().AddSingleton<HouseQuery>();
}
