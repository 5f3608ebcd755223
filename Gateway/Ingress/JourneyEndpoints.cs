using System.Collections.Frozen;
using AspireGateway.Gateway.Egress;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.State;

namespace AspireGateway.Gateway.Ingress;

/// <summary>
/// Takes the data plane's routes off the HTTP pipeline before ASP.NET's own routing: one dictionary look-up on the path, then the journey.
/// </summary>
internal static class JourneyEndpoints
{
    /// <summary>Runs the given operations through one journey.</summary>
    public static void MapJourney(this WebApplication app, IReadOnlyList<Operation> operations, Action<JourneyBuilder> compose)
    {
        var builder = new JourneyBuilder(app.Services);
        compose(builder);
        var journey = builder.Build();
        var byPath = operations.ToFrozenDictionary(o => o.Path, StringComparer.Ordinal);
        var snapshots = app.Services.GetRequiredService<SnapshotHolder>();
        var time = app.Services.GetRequiredService<TimeProvider>();

        app.Use(next => http =>
        {
            if (http.Request.Path.Value is not { } path || !byPath.TryGetValue(path, out var operation)) return next(http);
            return HttpMethods.IsPost(http.Request.Method)
                ? journey.RunAsync(new Exchange(http, operation, snapshots.Current, time))
                : ErrorWriter.WriteAsync(http, Refusal.MethodNotAllowed($"{operation.Path} takes POST, not {http.Request.Method}.", HttpMethods.Post), operation.Dialect, RequestId.From(http.Request.Headers, Guid.CreateVersion7()));
        });
    }

    /// <summary>Answers whatever no route took, in the callers' error shape.</summary>
    public static void MapUnknownRoutes(this WebApplication app) =>
        app.MapFallback("{**path}", (HttpContext http) => ErrorWriter.WriteAsync(http, Refusal.RouteNotFound(
            $"There is no route {http.Request.Method} {Shown(http.Request.Path)}. This gateway serves POST {string.Join(", ", Routes.Journey.Select(operation => operation.Path))}, POST /v1/feedback, GET /v1/models and /v1/key, and /providers/{{provider}}/{{path}}.")));

    private static string Shown(PathString path) => path.Value is { Length: > 100 } value ? value[..100] + "..." : path.Value ?? "/";
}
