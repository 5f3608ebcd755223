namespace AspireGateway.Portal.Requests;

/// <summary>Registration of this folder.</summary>
public static class RequestsFeature
{
    /// <summary>Adds its queries.</summary>
    public static void AddRequests(this IServiceCollection services) => services.AddSingleton<RequestsQuery>();
}
