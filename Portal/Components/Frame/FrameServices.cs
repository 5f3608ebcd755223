using AspireGateway.Portal.Keys;
using AspireGateway.Portal.Scopes;

namespace AspireGateway.Portal.Components.Frame;

/// <summary>Registers what the pages need beyond the queries and commands that the REST API needs too.</summary>
public static class FrameServices
{
    /// <summary>Adds the frame's parts and each folder's.</summary>
    public static void AddFrame(this IServiceCollection services)
    {
        services.AddSingleton<PublicAddress>().AddSingleton<HouseQuery>().AddScoped<Commands>().AddSingleton<ScopeChoicesQuery>();
        services.AddKeyPages();
    }
}
