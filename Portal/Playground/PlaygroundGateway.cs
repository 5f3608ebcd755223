using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace AspireGateway.Portal.Playground;

/// <summary>Asks the gateway over HTTP, as any application does, and reads the answer as it streams.</summary>
public sealed class PlaygroundGateway(HttpClient http, IConfiguration configuration, TimeProvider clock)
{
    private const int MaxRefusal = 64 * 1024;

    // Above the gateway's own default of two minutes, so that it is the gateway that says what was too slow.
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(5);

    // A new key reaches every gateway within a second; until then it is unknown there.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3), Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Asks, and fills the answer while it comes; failures are answers too.</summary>
    /// <param name="secret">The key to ask with.</param>
    /// <param name="question">What is asked.</param>
    /// <param name="answer">Filled on the caller's context, so that whoever draws it there never sees half of a change.</param>
    /// <param name="stop">Stops it; what has come stays.</param>
    public async Task AskAsync(string secret, PlaygroundQuestion question, PlaygroundAnswer answer, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(question);
        ArgumentNullException.ThrowIfNull(answer);
        if ((configuration["services:gateway:http:0"] ?? configuration["services:gateway:https:0"])?.TrimEnd('/') is not { } gateway)
        {
            answer.End(PlaygroundStage.Refused, "This portal does not know where its gateway is. Set services__gateway__http__0 to the gateway's address.");
            return;
        }
        using var timer = new CancellationTokenSource(Deadline, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, timer.Token);
        var first = clock.GetTimestamp();
        try
        {
            while (!await TryAsync(gateway, secret, question, answer, clock.GetElapsedTime(first) > Patience, either.Token))
                await Task.Delay(Pause, clock, either.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            answer.End(PlaygroundStage.Stopped);
        }
        catch (OperationCanceledException)
        {
            answer.End(PlaygroundStage.Broken, "The answer was not complete after five minutes. Ask for fewer tokens.");
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException)
        {
            if (answer.Status is null) answer.End(PlaygroundStage.Refused, "The gateway could not be reached from the portal. Check that it runs.");
            else answer.End(PlaygroundStage.Broken, "The connection to the gateway was cut in the middle of the answer. Ask again.");
        }
    }

    // False = the key is not known there yet.
    private async Task<bool> TryAsync(string gateway, string secret, PlaygroundQuestion question, PlaygroundAnswer answer, bool last, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{gateway}/v1/chat/completions");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        request.Content = new ByteArrayContent(question.Body());
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        var begin = clock.GetTimestamp();
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (response.StatusCode == HttpStatusCode.Unauthorized && !last) return false;
            Head(answer, response);
            await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            if (response.StatusCode != HttpStatusCode.OK) answer.End(PlaygroundStage.Refused, await ReadRefusalAsync(body, response.StatusCode, cancellationToken));
            else await ReadStreamAsync(body, answer, begin, cancellationToken);
            return true;
        }
        finally
        {
            answer.TotalUs = (long)clock.GetElapsedTime(begin).TotalMicroseconds;
        }
    }

    private async Task ReadStreamAsync(Stream body, PlaygroundAnswer answer, long begin, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(body, Encoding.UTF8);
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            var stage = answer.Stage;
            StreamLine.Read(line, answer);
            if (stage == PlaygroundStage.Waiting && answer.Stage is PlaygroundStage.Thinking or PlaygroundStage.Answering)
                answer.FirstTokenUs ??= (long)clock.GetElapsedTime(begin).TotalMicroseconds;
            if (answer.IsOver) return;
        }
        answer.End(PlaygroundStage.Broken, "The answer ended in the middle. Ask again.");
    }

    private static void Head(PlaygroundAnswer answer, HttpResponseMessage response)
    {
        answer.Status = (int)response.StatusCode;
        answer.Deployment = Header(response, "x-gateway-deployment");
        answer.Cached = Header(response, "x-gateway-cache") is "hit" or "semantic";
        answer.Served = Header(response, "x-gateway-model") is { } served && served != answer.Model ? served : null;
        if (Header(response, "x-request-id") is { } id && id.StartsWith("req_", StringComparison.Ordinal) && Guid.TryParseExact(id.AsSpan(4), "N", out var record)) answer.RecordId = record;
    }

    private static async Task<string> ReadRefusalAsync(Stream body, HttpStatusCode status, CancellationToken cancellationToken)
    {
        var buffer = new byte[MaxRefusal];
        var length = await body.ReadAtLeastAsync(buffer, MaxRefusal, throwOnEndOfStream: false, cancellationToken);
        try
        {
            using var document = JsonDocument.Parse(buffer.AsMemory(0, length));
            if (document.RootElement.GetProperty("error").GetProperty("message").GetString() is { Length: > 0 } message) return message;
        }
        catch (Exception unreadable) when (unreadable is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            // What stands between answered, not the gateway: the status says enough.
        }
        return $"The gateway answered {(int)status} without saying why.";
    }

    private static string? Header(HttpResponseMessage response, string name) => response.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;
}
