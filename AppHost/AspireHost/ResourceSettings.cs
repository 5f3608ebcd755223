using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Hosting;

namespace AspireGateway.AppHost.AspireHost;

/// <summary>Settings that several resources share.</summary>
internal static class ResourceSettings
{
    /// <summary>What each of our projects gets under either host.</summary>
    public static IResourceBuilder<ProjectResource> WithCommonEnvironment(this IResourceBuilder<ProjectResource> project, IHostEnvironment environment)
    {
        // Aspire turns both on in Development. Prompts and replies appear in no span, and queries can hold keys.
        project.WithEnvironment("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", "false")
            .WithEnvironment("OTEL_DOTNET_EXPERIMENTAL_ASPNETCORE_DISABLE_URL_QUERY_REDACTION", "false")
            .WithEnvironment("OTEL_DOTNET_EXPERIMENTAL_HTTPCLIENT_DISABLE_URL_QUERY_REDACTION", "false");
        // Without a launch profile nobody else says so.
        return project.ApplicationBuilder.ExecutionContext.IsRunMode
            ? project.WithEnvironment("ASPNETCORE_ENVIRONMENT", environment.EnvironmentName)
            : project;
    }

    /// <summary>
    /// No eviction and an append-only file, said explicitly. In run mode Aspire passes Redis' arguments one by one; when publishing, as one shell command.
    /// </summary>
    public static IResourceBuilder<RedisResource> WithMoneySafeRedis(this IResourceBuilder<RedisResource> cache) => cache.WithArgs(context =>
    {
        string[] wanted = ["--maxmemory-policy", "noeviction", "--appendonly", "yes"];
        if (context.ExecutionContext.IsRunMode)
        {
            foreach (var argument in wanted)
                context.Args.Add(argument);
        }
        else if (context.Args.Count > 0 && context.Args[^1] is string command)
        {
            context.Args[^1] = $"{command} {string.Join(' ', wanted)}";
        }
    });
}
