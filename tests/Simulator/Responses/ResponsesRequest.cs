using System.Text.Json;
using AspireGateway.Simulator.Composing;
using AspireGateway.Simulator.Replying;
using AspireGateway.Simulator.Scripting;

namespace AspireGateway.Simulator.Responses;

/// <summary>A Responses request: the question, and what only this protocol knows.</summary>
internal sealed record ResponsesRequest : Question
{
    /// <summary>The body, whose settings the response repeats. It lives as long as the request.</summary>
    public required JsonElement Body { get; init; }

    public required ResponseMemory Memory { get; init; }

    /// <summary>The calls of earlier turns.</summary>
    public required IReadOnlySet<string> CallIds { get; init; }

    /// <summary>True when reasoning shall come in a form that the caller can send back.</summary>
    public bool WantsEncryptedReasoning { get; init; }

    /// <summary>False when the response must not be kept.</summary>
    public bool Stores { get; init; } = true;

    public override IAnswer Answer(Directives directives, string id, DateTimeOffset now) =>
        new ResponsesAnswer(this, directives, id, now.ToUnixTimeSeconds());
}
