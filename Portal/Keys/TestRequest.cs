using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AspireGateway.Portal.Keys;

/// <summary>What became of a test request.</summary>
/// <param name="Status">HTTP status; null = no gateway answered.</param>
/// <param name="Text">The answer's beginning, or why there is none; fit to be shown.</param>
/// <param name="Microseconds">From sending to the last byte.</param>
/// <param name="Deployment">What served, as the gateway says.</param>
/// <param name="CostUsd">Cost in dollars, as the gateway says.</param>
public sealed record TestAnswer(int? Status, string Text, long Microseconds, string? Deployment, string? CostUsd)
{
    /// <summary>Whether a model answered.</summary>
    public bool Succeeded => Status is 200;
}

/// <summary>Sends one short chat request through the gateway with a fresh key, to prove that it works.</summary>
public sealed class TestRequest(HttpClient http, IConfiguration configuration, TimeProvider clock)
{
    private const int MaxShown = 280;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    // A new key reaches every gateway within a second; until then it is unknown there.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3), Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Sends it; failures are answers too.</summary>
    public async Task<TestAnswer> SendAsync(string secret, string model, CancellationToken cancellationToken)
    {
        if ((configuration["services:gateway:http:0"] ?? configuration["services:gateway:https:0"]) is not { } gateway)
            return new(null, "This portal does not know where its gateway is. Set services__gateway__http__0 to the gateway's address.", 0, null, null);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Deadline);
        var begin = clock.GetTimestamp();
        try
        {
            while (true)
            {
                var answer = await TryAsync(gateway.TrimEnd('/'), secret, model, deadline.Token);
                if (answer.Status != (int)HttpStatusCode.Unauthorized || clock.GetElapsedTime(begin) > Patience) return answer;
                await Task.Delay(Pause, clock, deadline.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new(null, "The gateway did not answer within 30 seconds. Look at the model's provider under Requests.", 0, null, null);
        }
        catch (HttpRequestException)
        {
            return new(null, "The gateway could not be reached from the portal. Check that it runs.", 0, null, null);
        }
    }

    private async Task<TestAnswer> TryAsync(string gateway, string secret, string model, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{gateway}/v1/chat/completions");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        request.Content = new StringContent(
            $$"""{"model":"{{JavaScriptEncoder.Default.Encode(model)}}","max_tokens":40,"messages":[{"role":"user","content":"Say hello in one short sentence."}]}""",
            Encoding.UTF8, "application/json");
        var begin = Stopwatch.GetTimestamp();
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellationToken);
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        var took = (long)Stopwatch.GetElapsedTime(begin).TotalMicroseconds;
        return new((int)response.StatusCode, Read(body), took, Header(response, "x-gateway-deployment"), Header(response, "x-gateway-cost-usd"));
    }

    private static string Read(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            var text = root.TryGetProperty("error", out var error)
                ? error.GetProperty("message").GetString()
                : root.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString();
            return text is null ? "The answer holds no text." : text.Length > MaxShown ? text[..MaxShown] + "…" : text;
        }
        catch (Exception unreadable) when (unreadable is JsonException or KeyNotFoundException or InvalidOperationException or IndexOutOfRangeException)
        {
            return "The answer could not be read as a chat completion.";
        }
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;
}
