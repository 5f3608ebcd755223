using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using AspireGateway.Portal.Benchmarks.Metrics;
using AspireGateway.Portal.Configuration;

namespace AspireGateway.Portal.Benchmarks.Runs;

/// <summary>What a gateway answered to a request of a run.</summary>
internal sealed record GatewayAnswer
{
    /// <summary>HTTP status; null = there was no answer.</summary>
    public int? Status { get; init; }

    /// <summary>Whether the request cannot have reached the gateway, so that it may be sent again.</summary>
    public bool NeverSent { get; init; }

    /// <summary>Code of a refusal, at most 60 characters.</summary>
    public string? Code { get; init; }

    /// <summary>Message of a refusal.</summary>
    public string? Message { get; init; }

    /// <summary>The answer's text; empty = it has none, e.g. a refusal of the model.</summary>
    public string Text { get; init; } = "";

    /// <summary>The model that the gateway's plan was for.</summary>
    public string? Model { get; init; }

    /// <summary>Slug of the provider that served.</summary>
    public string? Provider { get; init; }

    /// <summary>Name of the deployment that served.</summary>
    public string? Deployment { get; init; }

    /// <summary>Cost in nano-USD as the gateway booked it; null = it did not say.</summary>
    public long? CostNanoUsd { get; init; }

    /// <summary>From its arrival at the gateway to its answer, in microseconds; from here where the gateway did not say.</summary>
    public long LatencyUs { get; init; }

    /// <summary>What a refusal asks to wait for.</summary>
    public TimeSpan? RetryAfter { get; init; }
}

/// <summary>The gateway as a run's requests reach it: over HTTP with the run's own key, like any application's. Prompts and answers go nowhere else.</summary>
public sealed class BenchmarkGateway(HttpClient http, IConfiguration configuration, TimeProvider clock)
{
    private const int MaxCode = 60, MaxMessage = 500;

    /// <summary>The gateway's address; null = this portal does not know it.</summary>
    public string? Address => (configuration["services:gateway:http:0"] ?? configuration["services:gateway:https:0"])?.TrimEnd('/');

    /// <summary>A chat request.</summary>
    /// <param name="model">The model as callers name it.</param>
    /// <param name="messages">The messages as JSON.</param>
    /// <param name="maxTokens">Most tokens of the answer.</param>
    public static string Body(string model, string messages, int maxTokens) => JsonText.Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("model"u8, model);
        json.WriteNumber("max_tokens"u8, maxTokens);
        json.WritePropertyName("messages"u8);
        json.WriteRawValue(messages);
        json.WriteEndObject();
    });

    /// <summary>Asks what a request would cost; nothing is sent to a provider or booked.</summary>
    internal async Task<(GatewayAnswer Answer, PreviewedCost? Cost)> PreviewAsync(string secret, string task, string body, CancellationToken cancellationToken)
    {
        PreviewedCost? cost = null;
        var answer = await SendAsync("/v1/route/preview", secret, task, body, (_, content) => cost = JsonSerializer.Deserialize(content, BenchmarkJson.Default.PreviewedCost), cancellationToken);
        return (answer, cost);
    }

    /// <summary>Sends a request and waits for its answer.</summary>
    internal async Task<GatewayAnswer> ChatAsync(string secret, string task, string body, CancellationToken cancellationToken)
    {
        var text = "";
        var answer = await SendAsync("/v1/chat/completions", secret, task, body, (_, content) => text = TextOf(content), cancellationToken);
        return answer with { Text = text };
    }

    private async Task<GatewayAnswer> SendAsync(string path, string secret, string task, string body, Action<HttpResponseMessage, byte[]> read, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Address + path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        // The samples' task is known: no classifier has to guess it, and rules for it hold. An answer from a cache would measure nothing.
        request.Headers.TryAddWithoutValidation("x-gateway-task", task);
        request.Headers.TryAddWithoutValidation("x-gateway-cache", "no-store");
        request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        var begin = clock.GetTimestamp();
        try
        {
            using var response = await http.SendAsync(request, cancellationToken);
            var content = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            var answer = Headed(response, clock.GetElapsedTime(begin));
            if (response.StatusCode != HttpStatusCode.OK) return Refused(answer, response, content);
            try
            {
                read(response, content);
                return answer;
            }
            catch (Exception unreadable) when (unreadable is JsonException or KeyNotFoundException or InvalidOperationException or IndexOutOfRangeException)
            {
                return answer with { Code = "unreadable_answer", Message = "The gateway's answer could not be read." };
            }
        }
        catch (HttpRequestException fault)
        {
            return new() { Code = "unreachable", NeverSent = fault.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError, LatencyUs = Micros(clock.GetElapsedTime(begin)) };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new() { Code = "timeout", LatencyUs = Micros(clock.GetElapsedTime(begin)) };
        }
    }

    private static GatewayAnswer Headed(HttpResponseMessage response, TimeSpan elapsed) => new()
    {
        Status = (int)response.StatusCode, Model = Header(response, "x-gateway-model"), Provider = Header(response, "x-gateway-provider"), Deployment = Header(response, "x-gateway-deployment"),
        CostNanoUsd = UsdAmount.Parse(Header(response, "x-gateway-cost-usd")).NanoUsd, RetryAfter = response.Headers.RetryAfter?.Delta,
        LatencyUs = double.TryParse(Header(response, "x-gateway-latency-ms"), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var ms) ? (long)(ms * 1000) : Micros(elapsed),
    };

    private static GatewayAnswer Refused(GatewayAnswer answer, HttpResponseMessage response, byte[] content)
    {
        string? code = null, message = null;
        try
        {
            using var document = JsonDocument.Parse(content);
            var error = document.RootElement.GetProperty("error");
            code = error.TryGetProperty("code", out var c) ? c.GetString() : null;
            message = error.TryGetProperty("message", out var m) ? m.GetString() : null;
        }
        catch (Exception unreadable) when (unreadable is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            // What stands between answered, not the gateway: the status says enough.
        }
        return answer with { Code = BenchmarkText.Cut(code ?? $"status_{(int)response.StatusCode}", MaxCode), Message = BenchmarkText.Cut(message ?? $"The gateway answered {(int)response.StatusCode} without saying why.", MaxMessage) };
    }

    private static string TextOf(byte[] content)
    {
        using var document = JsonDocument.Parse(content);
        var text = document.RootElement.GetProperty("choices")[0].GetProperty("message");
        return text.TryGetProperty("content", out var written) && written.ValueKind == JsonValueKind.String ? written.GetString()! : "";
    }

    private static long Micros(TimeSpan elapsed) => (long)elapsed.TotalMicroseconds;

    private static string? Header(HttpResponseMessage response, string name) => response.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;
}
