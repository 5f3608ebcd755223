using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Net;
using System.Text;
using System.Text.Json;

namespace AspireGateway.Portal.Tests.Playground;

/// <summary>Answers as a gateway's chat does: with a status and a body, whole or as a test writes it.</summary>
internal sealed class StreamingGateway : HttpMessageHandler
{
    public const string Closing = ": gateway {\"cost_usd\":0.000012345,\"input_tokens\":1200,\"output_tokens\":34,\"latency_ms\":12.5}\n\n";

    private readonly Queue<(int Status, Stream Body)> answers = [];

    /// <summary>The secrets and bodies that came, in order.</summary>
    public ConcurrentQueue<(string? Secret, JsonElement Body)> Asked { get; } = new();

    public Guid Record { get; } = Guid.CreateVersion7();

    public static string Says(string text) => $$$"""data: {"choices":[{"delta":{"content":{{{JsonSerializer.Serialize(text)}}}}}]}""" + "\n\n";

    public void Answers(int status, string body) => answers.Enqueue((status, new MemoryStream(Encoding.UTF8.GetBytes(body))));

    /// <summary>An answer that comes as it is written.</summary>
    public Stream Streams()
    {
        var pipe = new Pipe();
        answers.Enqueue((200, pipe.Reader.AsStream()));
        return pipe.Writer.AsStream();
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Assert.Equal("/v1/chat/completions", request.RequestUri!.AbsolutePath);
        using var body = JsonDocument.Parse(await request.Content!.ReadAsStringAsync(cancellationToken));
        Asked.Enqueue((request.Headers.Authorization?.Parameter, body.RootElement.Clone()));
        var (status, content) = answers.Dequeue();
        var response = new HttpResponseMessage((HttpStatusCode)status) { Content = new StreamContent(content) };
        response.Headers.Add("x-request-id", $"req_{Record:N}");
        response.Headers.Add("x-gateway-model", "small");
        response.Headers.Add("x-gateway-deployment", "d-small");
        return response;
    }
}
