using System.Buffers;
using System.Text.Json;
using AspireGateway.Simulator.Replying;
using AspireGateway.Simulator.Scripting;

namespace AspireGateway.Simulator.OpenAi;

/// <summary>What all operations of OpenAI share: key, errors, stream of events.</summary>
internal abstract class OpenAiProtocol : IProtocol
{
    public string StreamContentType => "text/event-stream; charset=utf-8";

    public virtual ReadOnlyMemory<byte> Garbage { get; } = "data: {\"type\":\"respo\n\n"u8.ToArray();

    public string? KeyOf(HttpRequest request) => OpenAiJson.BearerOf(request);

    public virtual Task<JsonDocument?> ParseAsync(HttpRequest request, byte[] body, CancellationToken cancellationToken) =>
        Task.FromResult(RequestBody.ParseJson(body));

    public abstract ISimulatedRequest? Read(HttpRequest request, JsonElement body, out Refusal refusal);

    public Refusal Describe(FailureKind failure, string model) => OpenAiJson.Describe(failure, model);

    public void WriteError(IBufferWriter<byte> into, Refusal refusal) => OpenAiJson.WriteError(into, refusal);

    /// <summary>Sets the refusal of a request that names a wrong parameter; returns null for the reader to return.</summary>
    protected static ISimulatedRequest? Refuse(out Refusal refusal, string message, string? param, string? code = null)
    {
        refusal = new Refusal(400, message, code, param);
        return null;
    }
}
