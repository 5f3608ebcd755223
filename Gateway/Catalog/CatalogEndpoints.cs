using System.Buffers;
using System.Text.Json;
using AspireGateway.Gateway.Egress;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.State;

namespace AspireGateway.Gateway.Catalog;

/// <summary>What a caller may ask about itself: its models and its key. Free of charge, so outside the journey and without a usage record.</summary>
internal static class CatalogEndpoints
{
    /// <summary>Maps <c>GET /v1/models</c>, <c>GET /v1/models/{id}</c> and <c>GET /v1/key</c>.</summary>
    public static void MapCatalog(this WebApplication app)
    {
        Map(app, "/v1/models", static (caller, http, json) => WantsAnthropic(http) ? AnthropicModelList.Write(caller, http.Request.Query, json) : ModelList.Write(caller, json));
        // A name may contain a slash: provider/model.
        Map(app, "/v1/models/{**id}", static (caller, http, json) =>
            WantsAnthropic(http) ? AnthropicModelList.WriteOne(caller, IdIn(http), json) : ModelList.WriteOne(caller, IdIn(http), json));
        app.MapGet("/v1/key", DescribeKeyAsync);
        MapNotAllowed(app, "/v1/key");
    }

    // Anthropic's SDKs send it with every request, OpenAI's with none.
    private static bool WantsAnthropic(HttpContext http) => http.Request.Headers.ContainsKey("anthropic-version");

    // The server decodes everything in a path but slashes, which some SDKs escape.
    private static string IdIn(HttpContext http) => ((string)http.Request.RouteValues["id"]!).Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);

    private static void Map(WebApplication app, string pattern, Func<Caller, HttpContext, Utf8JsonWriter, Refusal?> answer)
    {
        app.MapGet(pattern, (HttpContext http, IdentifyCaller identify, SnapshotHolder snapshots) => AnswerAsync(http, identify, snapshots, answer));
        MapNotAllowed(app, pattern);
    }

    private static void MapNotAllowed(WebApplication app, string pattern) =>
        app.Map(pattern, (HttpContext http) => ErrorWriter.WriteAsync(http, Refusal.MethodNotAllowed($"{http.Request.Path} takes GET, not {http.Request.Method}.", HttpMethods.Get)))
            .WithOrder(1);

    // The one that must ask the ledger first.
    private static async Task DescribeKeyAsync(HttpContext http, IdentifyCaller identify, SnapshotHolder snapshots, KeyLimits limits)
    {
        var snapshot = snapshots.Current;
        if (identify.Identify(http.Request.Headers, snapshot, out var caller) is { } refusal)
        {
            await ErrorWriter.WriteAsync(http, refusal);
            return;
        }
        var (scopes, readings) = await limits.ReadAsync(snapshot!, caller!);
        var body = new ArrayBufferWriter<byte>(1024);
        await using (var json = new Utf8JsonWriter(body)) KeyDescription.Write(caller!, json, writer => limits.Write(writer, scopes, readings));
        await WriteAsync(http, body);
    }

    private static async Task AnswerAsync(
        HttpContext http, IdentifyCaller identify, SnapshotHolder snapshots, Func<Caller, HttpContext, Utf8JsonWriter, Refusal?> answer)
    {
        var body = new ArrayBufferWriter<byte>(1024);
        var refusal = identify.Identify(http.Request.Headers, snapshots.Current, out var caller);
        if (refusal is null)
        {
            await using var json = new Utf8JsonWriter(body);
            refusal = answer(caller!, http, json);
        }
        if (refusal is not null)
        {
            await ErrorWriter.WriteAsync(http, refusal);
            return;
        }
        await WriteAsync(http, body);
    }

    private static async Task WriteAsync(HttpContext http, ArrayBufferWriter<byte> body)
    {
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = body.WrittenCount;
        await http.Response.Body.WriteAsync(body.WrittenMemory, http.RequestAborted);
    }
}
