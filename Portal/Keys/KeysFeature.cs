namespace AspireGateway.Portal.Keys;

/// <summary>Registration of this folder.</summary>
public static class KeysFeature
{
    /// <summary>Adds its queries and commands.</summary>
    public static void AddKeys(this IServiceCollection services)
    {
        services
            .AddSingleton<KeysQuery>()
            .AddSingleton<IssueKey>()
            .AddSingleton<UpdateKey>()
            .AddSingleton<RotateKey>()
            .AddSingleton<RevokeKeys>()
            .AddSingleton<ExtendKeys>()
            .AddSingleton<AssignTierToKeys>();
        KeyUndos.Add(services);
    }
}
