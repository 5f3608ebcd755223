using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.State;

namespace AspireGateway.Gateway.PassThrough;

/// <summary>Takes <c>/providers/{provider}/{path}</c> off the HTTP pipeline, whatever its method: a provider's own API behind the gateway's admission and books.</summary>
internal static class PassThroughEndpoints
{
    /// <summary>Registers what the journey needs.</summary>
    public static void AddPassThrough(this WebApplicationBuilder builder)
    {
        builder.Services.AddHttpForwarder();
        // It warns of every caller who leaves, with a stack; what matters stands in the request's record.
        builder.Logging.AddFilter("Yarp.ReverseProxy.Forwarder", LogLevel.None);
    }

    /// <summary>Runs requests through the journey.</summary>
    public static void MapPassThrough(this WebApplication app, Action<JourneyBuilder> compose)
    {
        var builder = new JourneyBuilder(app.Services);
        compose(builder);
        var journey = builder.Build();
        var snapshots = app.Services.GetRequiredService<SnapshotHolder>();
        var time = app.Services.GetRequiredService<TimeProvider>();
        app.Use(next => http =>
        {
            if (http.Request.Path.Value?.StartsWith(ForwardPath.Prefix, StringComparison.Ordinal) != true) return next(http);
            var operation = http.Request.Headers.ContainsKey("anthropic-version") ? Operation.AnthropicPassThrough : Operation.PassThrough;
            return journey.RunAsync(new Exchange(http, operation, snapshots.Current, time));
        });
    }
}
