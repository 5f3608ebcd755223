using System.Text.Json;
using AspireGateway.Simulator.Composing;
using AspireGateway.Simulator.Replying;
using AspireGateway.Simulator.Scripting;

namespace AspireGateway.Simulator.Bedrock;

/// <summary>Bedrock's Converse and, with another path, ConverseStream.</summary>
internal sealed class ConverseProtocol(TimeProvider clock, PromptMemory memory, bool streams) : BedrockProtocol(clock)
{
    public override ISimulatedRequest? Read(HttpRequest request, JsonElement body, out Refusal refusal) =>
        new ConverseReader(body).Read(ModelOf(request), streams, memory, out refusal);
}

/// <summary>A Converse request.</summary>
internal sealed record ConverseRequest : Question
{
    public override IAnswer Answer(Directives directives, string id, DateTimeOffset now) => new ConverseAnswer(this, directives, id);
}
