namespace AspireGateway.Portal.Users;

/// <summary>Registration of this folder.</summary>
public static class UsersFeature
{
    /// <summary>Adds its queries and commands.</summary>
    public static void AddUsers(this IServiceCollection services)
    {
        services
            .AddSingleton<PeopleQuery>()
            .AddSingleton<EndUsersQuery>()
            .AddSingleton<SetRole>()
            .AddSingleton<EndSessions>();
        UserUndos.Add(services);
    }
}
