namespace AspireGateway.Portal.SignIns;

/// <summary>Registration of this folder.</summary>
public static class SignInsFeature
{
    /// <summary>Adds its queries and commands.</summary>
    public static void AddSignIns(this IServiceCollection services) => services
        .AddSingleton<Sessions>()
        .AddSingleton<SignInPerson>()
        .AddSingleton<SignInThrottle>()
        .AddSingleton<MappingsQuery>()
        .AddSingleton<CreateMapping>()
        .AddSingleton<UpdateMapping>()
        .AddSingleton<DeleteMapping>();
}
