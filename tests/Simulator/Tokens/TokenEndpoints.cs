using System.Buffers;
using System.Text.Json;
using AspireGateway.Simulator.Composing;
using AspireGateway.Simulator.Replying;

namespace AspireGateway.Simulator.Tokens;

/// <summary>The routes of Entra ID and of Google's token service.</summary>
internal static class TokenEndpoints
{
    public static void MapTokens(this WebApplication app)
    {
        var runner = app.Services.GetRequiredService<CallRunner>();
        var tokens = app.Services.GetRequiredService<TokenIssuer>();
        var account = app.Services.GetRequiredService<GoogleServiceAccount>();
        var entra = new EntraTokens(tokens);
        var google = new GoogleTokens(tokens, account, app.Services.GetRequiredService<TimeProvider>());
        app.MapPost("/{tenant}/oauth2/v2.0/token", http => runner.RunAsync(http, entra));
        app.MapPost("/token", http => runner.RunAsync(http, google));
        app.MapGet("/common/discovery/instance", http => AnswerAsync(http, WriteInstance));
        app.MapGet("/{tenant}/v2.0/.well-known/openid-configuration", http => AnswerAsync(http, WriteDiscovery));
        app.MapGet("/simulator/google-service-account", async http =>
        {
            http.Response.ContentType = "application/json";
            await http.Response.Body.WriteAsync(account.ToJson(new Uri($"{http.Request.Scheme}://{http.Request.Host}")), http.RequestAborted);
        });
    }

    private static async Task AnswerAsync(HttpContext http, Action<Utf8JsonWriter, HttpRequest> members)
    {
        var body = new ArrayBufferWriter<byte>(512);
        WireJson.WriteObject(body, writer => members(writer, http.Request));
        http.Response.ContentType = "application/json";
        await http.Response.BodyWriter.WriteAsync(body.WrittenMemory, http.RequestAborted);
    }

    private static void WriteDiscovery(Utf8JsonWriter writer, HttpRequest request)
    {
        var tenant = $"{request.Scheme}://{request.Host}/{request.RouteValues["tenant"]}";
        writer.WriteString("issuer", tenant + "/v2.0");
        writer.WriteString("token_endpoint", tenant + "/oauth2/v2.0/token");
        writer.WriteString("authorization_endpoint", tenant + "/oauth2/v2.0/authorize");
        writer.WriteString("jwks_uri", tenant + "/discovery/v2.0/keys");
    }

    private static void WriteInstance(Utf8JsonWriter writer, HttpRequest request)
    {
        writer.WriteString("tenant_discovery_endpoint", $"{request.Scheme}://{request.Host}/common/v2.0/.well-known/openid-configuration");
        writer.WriteString("api-version", "1.1");
        writer.WriteStartArray("metadata");
        writer.WriteStartObject();
        writer.WriteString("preferred_network", request.Host.Value);
        writer.WriteString("preferred_cache", request.Host.Value);
        writer.WriteStartArray("aliases");
        writer.WriteStringValue(request.Host.Value);
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteEndArray();
    }
}
