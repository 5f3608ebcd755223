using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Webhooks;

namespace AspireGateway.Portal.Api;

/// <summary><c>/api/webhooks</c>: secrets are made here, shown once, and never come out again.</summary>
internal static class WebhooksApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/webhooks").WithTags("webhooks");

        group.MapGet("/", (HttpContext http, WebhooksQuery query, string? after, int? limit, CancellationToken stop) =>
            query.RunAsync(http.Actor(), after, limit, stop).Ok()).Answers<Page<WebhookDetails>>("ListWebhooks");

        group.MapPost("/", (HttpContext http, CreateWebhook command, WebhookRequest request, CancellationToken stop) =>
            command.RunAsync(http.Actor(), request, stop).Created(w => $"/api/webhooks/{w.Webhook.Id}"))
            .WithSummary("Makes a webhook. The secret is in the answer once and cannot be read again.")
            .Answers<CreatedWebhook>("CreateWebhook", StatusCodes.Status201Created);

        group.MapGet("/{id:guid}", (HttpContext http, WebhooksQuery query, Guid id, CancellationToken stop) =>
            query.OneAsync(http.Actor(), id, stop).Ok()).Answers<WebhookDetails>("GetWebhook");

        group.MapPut("/{id:guid}", (HttpContext http, UpdateWebhook command, Guid id, WebhookRequest request, CancellationToken stop) =>
            command.RunAsync(http.Actor(), id, request, stop).Ok()).Answers<WebhookDetails>("UpdateWebhook");

        group.MapDelete("/{id:guid}", (HttpContext http, DeleteWebhook command, Guid id, CancellationToken stop) =>
            command.RunAsync(http.Actor(), id, stop).NoContent()).AnswersNothing("DeleteWebhook");

        group.MapPost("/{id:guid}/test", (HttpContext http, TestWebhook command, Guid id, CancellationToken stop) =>
            command.RunAsync(http.Actor(), id, stop).Ok())
            .WithSummary("Posts a test event once, and says what became of it.").Answers<WebhookDeliveryDetails>("TestWebhook");

        group.MapGet("/{id:guid}/deliveries", (HttpContext http, WebhooksQuery query, Guid id, string? after, int? limit, CancellationToken stop) =>
            query.DeliveriesAsync(http.Actor(), id, after, limit, stop).Ok())
            .WithSummary("What was sent to it, newest first.").Answers<Page<WebhookDeliveryDetails>>("ListWebhookDeliveries");

        group.MapPost("/{id:guid}/deliveries/{delivery:guid}/again", (HttpContext http, DeliverAgain command, Guid id, Guid delivery, CancellationToken stop) =>
            command.RunAsync(http.Actor(), id, delivery, stop).Ok())
            .WithSummary("Delivers an event once more with the same id, and says what became of it.").Answers<WebhookDeliveryDetails>("DeliverAgain");

        group.MapGet("/{id:guid}/attempts", (HttpContext http, WebhooksQuery query, Guid id, string? after, int? limit, CancellationToken stop) =>
            query.AttemptsAsync(http.Actor(), id, after, limit, stop).Ok())
            .WithSummary("Each try to deliver something to it, newest first, with status, duration and the next try.").Answers<Page<WebhookAttemptDetails>>("ListWebhookAttempts");
    }
}
