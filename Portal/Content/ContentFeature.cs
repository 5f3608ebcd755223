using AspireGateway.Portal.Content.Erasing;
using AspireGateway.Portal.Content.Holds;
using AspireGateway.Portal.Content.Keeping;
using AspireGateway.Portal.Content.Policies;
using AspireGateway.Portal.Content.Reading;
using AspireGateway.Shared.Content;

namespace AspireGateway.Portal.Content;

/// <summary>Registration of this folder.</summary>
public static class ContentFeature
{
    /// <summary>Adds its queries, commands, and the job that deletes.</summary>
    public static void AddContent(this IServiceCollection services)
    {
        services
            .AddSingleton<ContentKeyStore>()
            .AddSingleton<ContentPoliciesQuery>()
            .AddSingleton<SetContentPolicy>()
            .AddSingleton<DeleteContentPolicy>()
            .AddSingleton<HoldsQuery>()
            .AddSingleton<PlaceHold>()
            .AddSingleton<ReleaseHold>()
            .AddSingleton<ErasuresQuery>()
            .AddSingleton<EraseContent>()
            .AddSingleton<ContentReader>()
            .AddSingleton<RevealContent>()
            .AddSingleton<SearchContent>()
            .AddSingleton<ExportContent>()
            .AddHostedService<ContentRetention>();
        ContentUndos.Add(services);
    }
}
