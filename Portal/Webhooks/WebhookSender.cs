using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using AspireGateway.Portal.Webhooks.Channels;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Net;

namespace AspireGateway.Portal.Webhooks;

/// <summary>What became of a try.</summary>
/// <param name="Status">HTTP status; null = no answer.</param>
/// <param name="Error">What went wrong, in a few words; null = it was taken.</param>
internal sealed record WebhookAnswer(int? Status, string? Error)
{
    /// <summary>Whether the receiver took it.</summary>
    public bool IsTaken => Error is null;
}

/// <summary>Posts one event, signed. Whatever goes wrong is an answer too.</summary>
internal sealed class WebhookSender(WebhookClient client, SecretBox box, TimeProvider clock, MailSender? mail = null)
{
    /// <summary>How long a receiver may take to answer.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly MediaTypeHeaderValue Json = new("application/json");
    private static readonly ProductInfoHeaderValue Agent = new("AspireGateway-Webhooks", "1");

    /// <summary>Tells it once, in the shape of the channel.</summary>
    /// <param name="kind">Of <see cref="ChannelKinds"/>.</param>
    /// <param name="url">Where; of a chat only what is shown, the address is in the envelope.</param>
    /// <param name="webhook">The webhook, to which what is sealed is bound.</param>
    /// <param name="envelope">Its sealed secret or address.</param>
    /// <param name="id">The delivery.</param>
    /// <param name="payload">The event, as JSON.</param>
    /// <param name="cancellationToken">Ends the try.</param>
    public async Task<WebhookAnswer> SendAsync(string kind, string url, Guid webhook, byte[] envelope, Guid id, string payload, CancellationToken cancellationToken)
    {
        if (kind == ChannelKinds.Generic) return await PostAsync(url, webhook, envelope, id, payload, cancellationToken);
        var message = ChannelMessage.Of(payload);
        if (kind == ChannelKinds.Email) return mail is null ? new(null, "No mail server is set.") : await mail.SendAsync(url, id, message, Patience, cancellationToken);
        if (box.Open(envelope, webhook) is not { } address) return new(null, "Its address cannot be opened with the master keys that are set.");
        using var request = Request(address, kind == ChannelKinds.Slack ? ChannelBodies.Slack(message) : ChannelBodies.Teams(message));
        return await AnswerAsync(request, cancellationToken);
    }

    /// <summary>Posts it once, signed.</summary>
    /// <param name="url">Where.</param>
    /// <param name="webhook">The webhook, to which the secret is bound.</param>
    /// <param name="envelope">Its sealed secret.</param>
    /// <param name="id">The delivery, the receiver's idempotency key.</param>
    /// <param name="body">What, as JSON.</param>
    /// <param name="cancellationToken">Ends the try.</param>
    public async Task<WebhookAnswer> PostAsync(string url, Guid webhook, byte[] envelope, Guid id, string body, CancellationToken cancellationToken)
    {
        if (box.Open(envelope, webhook) is not { } secret) return new(null, "Its secret cannot be opened with the master keys that are set.");
        var timestamp = clock.GetUtcNow().ToUnixTimeSeconds();
        using var request = Request(url, body);
        request.Headers.Add("webhook-id", id.ToString());
        request.Headers.Add("webhook-timestamp", timestamp.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("webhook-signature", WebhookSecret.Sign(secret, id, timestamp, body));
        return await AnswerAsync(request, cancellationToken);
    }

    private static HttpRequestMessage Request(string url, string body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = Json } } };
        request.Headers.UserAgent.Add(Agent);
        return request;
    }

    private async Task<WebhookAnswer> AnswerAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            using var answer = await client.SendAsync(request, either.Token);
            var status = (int)answer.StatusCode;
            return status switch
            {
                >= 200 and < 300 => new(status, null),
                >= 300 and < 400 => new(status, "It redirects elsewhere, which is not followed."),
                _ => new(status, $"It answered {status}."),
            };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new(null, $"It did not answer within {Patience.TotalSeconds:0} seconds.");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return new(null, InWords(e));
        }
    }

    // Never the exception's own words: they may name addresses of the installation's network.
    private static string InWords(Exception fault)
    {
        for (var inner = fault; inner is not null; inner = inner.InnerException)
            if (inner is AddressForbiddenException) return "Its host leads to an address that webhooks may not have.";
        return fault is HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError }
            ? "Its TLS certificate or protocol was not accepted."
            : "It could not be reached.";
    }
}
