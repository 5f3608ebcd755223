using System.Text.Json;
using AspireGateway.Simulator.Replying;
using AspireGateway.Simulator.Scripting;

namespace AspireGateway.Simulator.Composing;

/// <summary>What a request of any chat protocol asks, as far as the simulator acts on it.</summary>
internal abstract record Question : ISimulatedRequest
{
    public required string Model { get; init; }
    public required string Prompt { get; init; }

    /// <summary>All tokens of the prompt, those of the cache included.</summary>
    public required int PromptTokens { get; init; }

    /// <summary>Tokens of a marked beginning that was seen before.</summary>
    public int CacheReadTokens { get; init; }

    /// <summary>Tokens of a marked beginning that is new.</summary>
    public int CacheWriteTokens { get; init; }

    /// <summary>Text of the tool result that the conversation ends with, or null.</summary>
    public string? ToolResult { get; init; }
    public bool Streams { get; init; }
    public int? MaxTokens { get; init; }
    public IReadOnlyList<string> Stops { get; init; } = [];
    public IReadOnlyList<OfferedTool> Tools { get; init; } = [];

    /// <summary>The tool that the caller demands, by name.</summary>
    public string? DemandedTool { get; init; }

    /// <summary>True when the caller wants one call at a time.</summary>
    public bool OneCallAtMost { get; init; }
    public bool JsonWanted { get; init; }
    public JsonElement? Schema { get; init; }

    /// <summary>True when the model shall think, shown or not.</summary>
    public bool Thinks { get; init; }

    /// <summary>True when the model shall think and show its thoughts.</summary>
    public bool ShowsThoughts { get; init; }

    /// <summary>The first field that the provider does not know, as it refuses it.</summary>
    public Refusal? UnknownField { get; init; }

    /// <summary>The names of the body's fields.</summary>
    public IReadOnlyList<string> Fields { get; init; } = [];

    public virtual Refusal? Objection(Directives directives) => directives.Lenient ? null : UnknownField;

    public abstract IAnswer Answer(Directives directives, string id, DateTimeOffset now);
}

/// <summary>A function that the caller offers, with the schema of its arguments.</summary>
internal sealed record OfferedTool(string Name, JsonElement? Parameters);
