using AspireGateway.Portal.Teams.Members;

namespace AspireGateway.Portal.Teams;

/// <summary>Registration of this folder.</summary>
public static class TeamsFeature
{
    /// <summary>Adds its queries and commands.</summary>
    public static void AddTeams(this IServiceCollection services)
    {
        services
            .AddSingleton<TeamsQuery>()
            .AddSingleton<CreateTeam>()
            .AddSingleton<UpdateTeam>()
            .AddSingleton<ArchiveTeam>()
            .AddSingleton<SetMember>()
            .AddSingleton<RemoveMember>();
        TeamUndos.Add(services);
    }
}
