using System.Net.Http.Headers;
using System.Text.Json;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Contracts;
using AspireGateway.Shared.Data;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Routes;

/// <summary>Asks a gateway where a request of a key would go, under the rules as they are. Nothing is sent to a provider, booked or kept.</summary>
public sealed class TryRoute(HttpClient http, IConfiguration configuration, SecretBox box, IDbContextFactory<GatewayDbContext> contexts, TimeProvider clock)
{
    private static readonly string[] Headers = ["feature", "user", "agent", "tags", "task"];
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    /// <summary>What a gateway says. For operators, organisation admins and platform engineers, about every key of the organisation.</summary>
    public async Task<Result<RoutePreview>> RunAsync(Actor actor, TryRouteRequest request, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageModels) is { } refusal) return refusal;
        var checks = new FieldChecks();
        checks.Must(request.KeyId is not null, "key_id", "key_id is required: whose request would it be?");
        checks.Must(request.Request is { ValueKind: JsonValueKind.Object }, "request", "request is a chat request: an object with messages.");
        foreach (var name in request.Headers?.Keys ?? [])
            checks.Must(Headers.Contains(name, StringComparer.Ordinal), $"headers.{name}", $"headers.{name} is none of {string.Join(", ", Headers)}.");
        if (checks.Failure is { } faults) return faults;
        await using (var context = await contexts.CreateDbContextAsync(cancellationToken))
            if (!await context.VirtualKeys.AnyAsync(k => k.Id == request.KeyId && k.OrganisationId == actor.OrganisationId, cancellationToken)) return new Failure.NotFound("key");
        if ((configuration["services:gateway:http:0"] ?? configuration["services:gateway:https:0"]) is not { } gateway)
            return new Failure.Conflict("This portal does not know where its gateway is. Set services__gateway__http__0 to the gateway's address.");
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Deadline);
        try
        {
            return await AskAsync(gateway.TrimEnd('/'), request, deadline.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new Failure.Conflict("The gateway did not answer within 10 seconds. Check that it runs.");
        }
        catch (Exception fault) when (fault is HttpRequestException or JsonException)
        {
            return new Failure.Conflict("The gateway could not be asked. Check that it runs, and that it is of the portal's version.");
        }
    }

    private async Task<Result<RoutePreview>> AskAsync(string gateway, TryRouteRequest request, CancellationToken cancellationToken)
    {
        using var ask = new HttpRequestMessage(HttpMethod.Post, $"{gateway}/v1/route/preview");
        ask.Headers.Add(PreviewTicket.Header, PreviewTicket.Issue(box, request.KeyId!.Value, clock.GetUtcNow()));
        foreach (var (name, value) in request.Headers ?? new Dictionary<string, string>())
        {
            if (string.IsNullOrWhiteSpace(value)) continue;
            // A line break, or a letter that headers cannot carry, is not sent as something else.
            if (value.Any(c => c is < ' ' or > '~')) return new Failure.Invalid([new($"headers.{name}", $"headers.{name} may hold plain ASCII only.")]);
            ask.Headers.TryAddWithoutValidation($"x-gateway-{name}", value);
        }
        ask.Content = new ByteArrayContent(System.Text.Encoding.UTF8.GetBytes(request.Request!.Value.GetRawText()));
        ask.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var answer = await http.SendAsync(ask, cancellationToken);
        var body = await answer.Content.ReadAsByteArrayAsync(cancellationToken);
        var preview = JsonSerializer.Deserialize(body, PreviewJson.Default.RoutePreview) ?? new RoutePreview();
        if (answer.IsSuccessStatusCode) return preview;
        var error = JsonSerializer.Deserialize(body, PreviewJson.Default.PreviewError)?.Error;
        return preview with { Refusal = new((int)answer.StatusCode, error?.Code, error?.Message ?? "The gateway refused without saying why.") };
    }
}
