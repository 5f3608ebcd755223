using System.Buffers;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using AspireGateway.Shared.Checks.Protocols;
using AspireGateway.Shared.Net;

namespace AspireGateway.Shared.Checks;

/// <summary>
/// Posts to checks. Tenants name where they are, so nothing is trusted about the other side: addresses are judged when they are connected to, redirects are not followed, answers are
/// read to a limit. How long to wait and what a failure means is the caller's; exceptions are those of HTTP.
/// </summary>
internal sealed class CheckClient(TimeProvider time) : IDisposable
{
    private const int MaxAnswerBytes = 256 * 1024, MaxDepth = 16;

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = MaxDepth };
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly HttpMessageInvoker publicOnes = Open(allowPrivate: false), privateOnes = Open(allowPrivate: true);

    /// <summary>Asks about a text.</summary>
    public async Task<CheckReply> AskAsync(CheckTarget target, CheckQuestion question, string? secret, CancellationToken cancellationToken)
    {
        var protocol = CheckProtocols.Of(target.Kind);
        using var request = new HttpRequestMessage(HttpMethod.Post, target.Address) { Content = ContentOf(protocol, target, question, out var body) };
        if (secret is not null && protocol.IsSigned) Sign(request, question.RequestId, secret, body);
        else Authorise(request, secret);
        return await SendAsync(target, request, answer => protocol.Read(answer, question) is { } said ? new(said, null, CheckFault.None, 200) : null, cancellationToken);
    }

    /// <summary>Has a picture or a sound read.</summary>
    public async Task<CheckReply> ReadAsync(CheckTarget target, CheckMedia media, string? secret, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, target.Address) { Content = MediaProtocols.Of(target.Kind).Write(target.Model, media) };
        request.Headers.TryAddWithoutValidation("x-request-id", media.RequestId);
        Authorise(request, secret);
        return await SendAsync(target, request, answer => MediaProtocols.ReadText(answer) is { } text ? new(null, text, CheckFault.None, 200) : null, cancellationToken);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        publicOnes.Dispose();
        privateOnes.Dispose();
    }

    private async Task<CheckReply> SendAsync(CheckTarget target, HttpRequestMessage request, Func<JsonElement, CheckReply?> read, CancellationToken cancellationToken)
    {
        using var response = await (target.IsPrivate ? privateOnes : publicOnes).SendAsync(request, cancellationToken);
        var status = (int)response.StatusCode;
        if (!response.IsSuccessStatusCode) return new(null, null, CheckFault.Status, status);
        var buffer = ArrayPool<byte>.Shared.Rent(MaxAnswerBytes + 1);
        var length = 0;
        try
        {
            await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
            while (await stream.ReadAsync(buffer.AsMemory(length, MaxAnswerBytes + 1 - length), cancellationToken) is > 0 and var more)
                if ((length += more) > MaxAnswerBytes) return new(null, null, CheckFault.TooLarge, status);
            using var document = JsonDocument.Parse(buffer.AsMemory(0, length), Strict);
            return (read(document.RootElement) ?? new(null, null, CheckFault.NotUnderstood, status)) with { Status = status };
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            // What exactly it was may hold what was sent.
            return new(null, null, CheckFault.NotUnderstood, status);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
    }

    private static ReadOnlyMemoryContent ContentOf(ICheckProtocol protocol, CheckTarget target, CheckQuestion question, out ReadOnlyMemory<byte> body)
    {
        var buffer = new ArrayBufferWriter<byte>(question.Text.Length + 256);
        using (var json = new Utf8JsonWriter(buffer)) protocol.Write(json, target.Model, question);
        body = buffer.WrittenMemory;
        return new(body) { Headers = { ContentType = Json } };
    }

    private static void Authorise(HttpRequestMessage request, string? secret)
    {
        if (secret is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", secret);
    }

    private void Sign(HttpRequestMessage request, string id, string secret, ReadOnlyMemory<byte> body)
    {
        var timestamp = time.GetUtcNow().ToUnixTimeSeconds();
        request.Headers.TryAddWithoutValidation("webhook-id", id);
        request.Headers.TryAddWithoutValidation("webhook-timestamp", timestamp.ToString(CultureInfo.InvariantCulture));
        request.Headers.TryAddWithoutValidation("webhook-signature", WebhookSignature.Sign(secret, id, timestamp, body.Span));
    }

    private static HttpMessageInvoker Open(bool allowPrivate) => new(new SocketsHttpHandler
    {
        ConnectTimeout = ConnectTimeout,
        ConnectCallback = (context, cancellationToken) => AddressGuard.ConnectAsync(context.DnsEndPoint, allowPrivate, cancellationToken),
        // A redirect would be a way around the guard, a proxy of the environment as well.
        AllowAutoRedirect = false,
        AutomaticDecompression = System.Net.DecompressionMethods.None,
        UseCookies = false,
        UseProxy = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(90),
        MaxResponseHeadersLength = 16,
        MaxResponseDrainSize = 0,
        ActivityHeadersPropagator = null,
    });
}
