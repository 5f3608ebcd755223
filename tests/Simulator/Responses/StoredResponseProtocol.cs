using System.Buffers;
using System.Text.Json;
using AspireGateway.Simulator.Composing;
using AspireGateway.Simulator.OpenAi;
using AspireGateway.Simulator.Replying;
using AspireGateway.Simulator.Scripting;

namespace AspireGateway.Simulator.Responses;

/// <summary>Fetches or deletes a response that was kept. There is no body; the id is in the path.</summary>
internal sealed class StoredResponseProtocol(ResponseMemory memory, bool deletes) : OpenAiProtocol
{
    public override Task<JsonDocument?> ParseAsync(HttpRequest request, byte[] body, CancellationToken cancellationToken) =>
        Task.FromResult<JsonDocument?>(JsonDocument.Parse("{}"));

    public override ISimulatedRequest? Read(HttpRequest request, JsonElement body, out Refusal refusal)
    {
        refusal = default;
        var id = (string)request.RouteValues["id"]!;
        if (memory.Find(id) is { } given)
        {
            if (deletes) memory.Forget(id);
            return new StoredResponseRequest(id, deletes ? null : given);
        }

        refusal = new Refusal(404, $"Response with id '{id}' not found.", "response_not_found");
        return null;
    }
}

/// <summary>A response to hand out, or null when it was deleted.</summary>
internal sealed record StoredResponseRequest(string Id, GivenResponse? Given) : ISimulatedRequest
{
    public string Model => "";

    public bool Streams => false;

    public string Prompt => "";

    public IAnswer Answer(Directives directives, string id, DateTimeOffset now) => new StoredResponseAnswer(this);
}

/// <summary>The response as it was given, or that it is gone.</summary>
internal sealed class StoredResponseAnswer(StoredResponseRequest request) : PlainAnswer
{
    public override void WritePlain(IBufferWriter<byte> into)
    {
        if (request.Given is { } given)
        {
            into.Write(given.Json);
            return;
        }

        WireJson.WriteObject(into, writer =>
        {
            writer.WriteString("id", request.Id);
            writer.WriteString("object", "response");
            writer.WriteBoolean("deleted", true);
        });
    }
}
