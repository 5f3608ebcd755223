using System.Text.Json;
using AspireGateway.Simulator.Replying;
using AspireGateway.Simulator.Scripting;

namespace AspireGateway.Simulator.OpenAi;

/// <summary>The fields of a chat request on which the simulator acts.</summary>
internal sealed record ChatRequest : ISimulatedRequest
{
    public required string Model { get; init; }
    public required string Prompt { get; init; }
    public required int PromptTokens { get; init; }

    /// <summary>Text of the tool result that the conversation ends with, or null.</summary>
    public string? ToolResult { get; init; }
    public bool Streams { get; init; }
    public bool IncludeUsage { get; init; }
    public int N { get; init; } = 1;
    public int? MaxTokens { get; init; }
    public IReadOnlyList<string> Stops { get; init; } = [];
    public IReadOnlyList<OfferedTool> Tools { get; init; } = [];

    /// <summary>The tool that tool_choice demands, by name.</summary>
    public string? DemandedTool { get; init; }
    public bool JsonWanted { get; init; }
    public JsonElement? Schema { get; init; }

    public IAnswer Answer(Directives directives, string id, DateTimeOffset now) =>
        new ChatAnswer(this, directives, $"chatcmpl-sim{id}", now.ToUnixTimeSeconds());
}

/// <summary>A function that the caller offers, with the schema of its arguments.</summary>
internal sealed record OfferedTool(string Name, JsonElement? Parameters);
