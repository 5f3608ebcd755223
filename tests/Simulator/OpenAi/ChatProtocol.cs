using System.Buffers;
using System.Text.Json;
using AspireGateway.Simulator.Replying;

namespace AspireGateway.Simulator.OpenAi;

/// <summary>OpenAI's chat completions.</summary>
internal sealed class ChatProtocol : IProtocol
{
    public string StreamContentType => "text/event-stream; charset=utf-8";

    public ReadOnlyMemory<byte> Garbage { get; } = "data: {\"id\":\"chatcmpl-\",\"choices\":[{\"ind\n\n"u8.ToArray();

    public string? KeyOf(HttpRequest request) => OpenAiJson.BearerOf(request);

    public ISimulatedRequest? Read(HttpRequest request, JsonElement body, out Refusal refusal) => ChatRequestReader.Read(body, out refusal);

    public void WriteError(IBufferWriter<byte> into, Refusal refusal) => OpenAiJson.WriteError(into, refusal);

    public void WriteErrorEvent(IBufferWriter<byte> into, Refusal refusal)
    {
        into.Write("data: "u8);
        OpenAiJson.WriteError(into, refusal);
        into.Write("\n\n"u8);
    }
}
