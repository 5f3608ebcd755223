using System.Text.Json;
using AspireGateway.Simulator.Replying;

namespace AspireGateway.Simulator.OpenAi;

/// <summary>OpenAI's chat completions.</summary>
internal sealed class ChatProtocol : OpenAiProtocol
{
    public override ReadOnlyMemory<byte> Garbage { get; } = "data: {\"id\":\"chatcmpl-\",\"choices\":[{\"ind\n\n"u8.ToArray();

    public override ISimulatedRequest? Read(HttpRequest request, JsonElement body, out Refusal refusal) => ChatRequestReader.Read(body, out refusal);
}
