using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using AspireGateway.Portal.Configuration;

namespace AspireGateway.Portal.Tests.Benchmarks;

/// <summary>Answers a run's requests as a gateway does: previews with prices, chats with text and cost.</summary>
internal sealed class FakeGateway : HttpMessageHandler
{
    private long spent;

    /// <summary>What each chat was answered for: model and question.</summary>
    public ConcurrentQueue<(string Model, string Question)> Chats { get; } = new();

    /// <summary>Names and values of headers of the last request.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; private set; } = new Dictionary<string, string>();

    /// <summary>What was spent, in nano-USD.</summary>
    public long Spent => Interlocked.Read(ref spent);

    /// <summary>What a preview says; null = that everything is fine.</summary>
    public Func<string, (int Status, string Body)?> Preview { get; set; } = _ => null;

    /// <summary>A model's answer to a question.</summary>
    public Func<string, string, string> Answer { get; set; } = (_, question) => question;

    /// <summary>A chat's cost in nano-USD; the preview says 100 probably and 1,000 at most.</summary>
    public Func<string, string, long> Cost { get; set; } = (_, _) => 100;

    /// <summary>Refuses a chat; null = answers it.</summary>
    public Func<string, string, (int Status, string Code)?> Refuse { get; set; } = (_, _) => null;

    /// <summary>What a chat waits for.</summary>
    public Func<string, string, Task> Before { get; set; } = (_, _) => Task.CompletedTask;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Headers = request.Headers.ToDictionary(h => h.Key, h => h.Value.Single());
        using var asked = JsonDocument.Parse(await request.Content!.ReadAsStringAsync(cancellationToken));
        var model = asked.RootElement.GetProperty("model").GetString()!;
        var messages = asked.RootElement.GetProperty("messages");
        var question = messages[messages.GetArrayLength() - 1].GetProperty("content").GetString()!;
        if (request.RequestUri!.AbsolutePath == "/v1/route/preview")
        {
            var (status, body) = Preview(model) ?? (200, $$$"""
                {"model":"{{{model}}}","route_reason":"priority","expected_cost_usd":"0.0000001","worst_case_cost_usd":"0.000001",
                 "candidates":[{"kept":true,"price_usd_per_million_tokens":{"input":"1","output":"1"}}]}
                """);
            return Of(status, body);
        }
        await Before(model, question).WaitAsync(cancellationToken);
        if (Refuse(model, question) is { } refused) return Of(refused.Status, $$$"""{"error":{"code":"{{{refused.Code}}}","message":"Refused: {{{refused.Code}}}."}}""");
        Chats.Enqueue((model, question));
        var cost = Cost(model, question);
        Interlocked.Add(ref spent, cost);
        var answer = Of(200, $$$"""{"choices":[{"message":{"role":"assistant","content":{{{JsonSerializer.Serialize(Answer(model, question))}}} }}]}""");
        foreach (var (name, value) in ((string, string)[])
            [("x-gateway-model", model), ("x-gateway-provider", $"p-{model}"), ("x-gateway-deployment", $"d-{model}"), ("x-gateway-cost-usd", UsdAmount.Text(cost)), ("x-gateway-latency-ms", "12.5")])
            answer.Headers.Add(name, value);
        return answer;
    }

    private static HttpResponseMessage Of(int status, string body) => new((HttpStatusCode)status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
}
