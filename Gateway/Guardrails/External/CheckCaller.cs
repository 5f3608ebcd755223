using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using AspireGateway.Gateway.Guardrails.External.Protocols;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Net;

namespace AspireGateway.Gateway.Guardrails.External;

/// <summary>
/// Asks checks. Tenants name where they are, so nothing is trusted about the other side: addresses are judged when they are connected to, redirects are not followed, answers
/// are read to a limit, waits end, and one that fails is left alone for a while.
/// </summary>
internal sealed class CheckCaller(SecretBox box, TimeProvider time) : IDisposable
{
    private const int MaxAnswerBytes = 256 * 1024, MaxDepth = 16;

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = MaxDepth };
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly HttpMessageInvoker publicOnes = Open(allowPrivate: false), privateOnes = Open(allowPrivate: true);
    private readonly ConcurrentDictionary<Guid, CheckCircuit> circuits = new();
    private readonly ConditionalWeakTable<ExternalCheck, OpenedSecret> secrets = [];

    /// <summary>Asks one check.</summary>
    /// <returns>What it says; null = it says nothing: it is gone, slow, or answers something else.</returns>
    public async Task<CheckAnswer?> AskAsync(ExternalCheck check, CheckQuestion question, CancellationToken cancellationToken)
    {
        if (question.Text.Length > check.MaxCharacters) return null;
        var secret = SecretOf(check);
        if (check.SecretEnvelope is not null && secret is null) return null;
        var circuit = circuits.GetOrAdd(check.Id, static (_, clock) => new CheckCircuit(clock), time);
        if (!circuit.TryEnter()) return null;
        using var limit = new CancellationTokenSource(check.TimeLimit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        CheckAnswer? answer = null;
        try
        {
            await circuit.Room.WaitAsync(both.Token);
            try
            {
                answer = await PostAsync(check, question, secret, both.Token);
            }
            finally
            {
                circuit.Room.Release();
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            circuit.Abandon();
            throw;
        }
        catch (Exception fault) when (fault is OperationCanceledException or HttpRequestException or IOException or JsonException or InvalidOperationException)
        {
            // What exactly it was may hold what was sent; that it failed is counted by whoever asked.
        }
        circuit.Leave(answer is not null);
        return answer;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        publicOnes.Dispose();
        privateOnes.Dispose();
        foreach (var circuit in circuits.Values) circuit.Dispose();
    }

    private async Task<CheckAnswer?> PostAsync(ExternalCheck check, CheckQuestion question, string? secret, CancellationToken cancellationToken)
    {
        var protocol = CheckProtocols.Of(check.Kind);
        using var request = new HttpRequestMessage(HttpMethod.Post, check.Address) { Content = ContentOf(protocol, check, question, out var body) };
        if (secret is not null && protocol.IsSigned) Sign(request, question.RequestId, secret, body);
        else if (secret is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        using var response = await (check.IsPrivate ? privateOnes : publicOnes).SendAsync(request, cancellationToken);
        if (!response.IsSuccessStatusCode) return null;
        var buffer = ArrayPool<byte>.Shared.Rent(MaxAnswerBytes + 1);
        var read = 0;
        try
        {
            await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
            while (await stream.ReadAsync(buffer.AsMemory(read, MaxAnswerBytes + 1 - read), cancellationToken) is > 0 and var more)
                if ((read += more) > MaxAnswerBytes) return null;
            using var document = JsonDocument.Parse(buffer.AsMemory(0, read), Strict);
            return protocol.Read(document.RootElement, question);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
    }

    private static ReadOnlyMemoryContent ContentOf(ICheckProtocol protocol, ExternalCheck check, CheckQuestion question, out ReadOnlyMemory<byte> body)
    {
        var buffer = new ArrayBufferWriter<byte>(question.Text.Length + 256);
        using (var json = new Utf8JsonWriter(buffer)) protocol.Write(json, check, question);
        body = buffer.WrittenMemory;
        return new(body) { Headers = { ContentType = Json } };
    }

    private void Sign(HttpRequestMessage request, string id, string secret, ReadOnlyMemory<byte> body)
    {
        var timestamp = time.GetUtcNow().ToUnixTimeSeconds();
        request.Headers.TryAddWithoutValidation("webhook-id", id);
        request.Headers.TryAddWithoutValidation("webhook-timestamp", timestamp.ToString(CultureInfo.InvariantCulture));
        request.Headers.TryAddWithoutValidation("webhook-signature", WebhookSignature.Sign(secret, id, timestamp, body.Span));
    }

    // An opened one lives as long as the snapshot that holds its envelope.
    private string? SecretOf(ExternalCheck check)
    {
        if (check.SecretEnvelope is not { } envelope) return null;
        if (!secrets.TryGetValue(check, out var opened)) opened = secrets.GetValue(check, key => new OpenedSecret(box.Open(envelope, key.Id)));
        return opened.Value;
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

    private sealed record OpenedSecret(string? Value);
}
