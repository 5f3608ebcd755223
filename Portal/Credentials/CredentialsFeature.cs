namespace AspireGateway.Portal.Credentials;

/// <summary>Registration of this folder.</summary>
public static class CredentialsFeature
{
    /// <summary>Adds its queries and commands.</summary>
    public static void AddCredentials(this IServiceCollection services) => services
        .AddSingleton<CredentialsQuery>()
        .AddSingleton<CreateCredential>()
        .AddSingleton<ReplaceCredential>()
        .AddSingleton<DeleteCredential>()
        .AddSingleton<ResealCredentials>();
}
