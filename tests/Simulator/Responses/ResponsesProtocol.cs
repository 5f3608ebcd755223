using System.Text.Json;
using AspireGateway.Simulator.OpenAi;
using AspireGateway.Simulator.Replying;

namespace AspireGateway.Simulator.Responses;

/// <summary>OpenAI's Responses.</summary>
internal sealed class ResponsesProtocol(ResponseMemory memory) : OpenAiProtocol
{
    public override ReadOnlyMemory<byte> Garbage { get; } =
        "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"ite\n\n"u8.ToArray();

    public override ISimulatedRequest? Read(HttpRequest request, JsonElement body, out Refusal refusal) =>
        new ResponsesReader(body, memory).Read(out refusal);
}
