using System.Text;
using AspireGateway.Portal.Requests;

namespace AspireGateway.Portal.Playground;

/// <summary>How far an answer has come.</summary>
public enum PlaygroundStage
{
    /// <summary>Sent; nothing came back yet.</summary>
    Waiting,

    /// <summary>The model reasons; what it says will follow.</summary>
    Thinking,

    /// <summary>The answer is coming.</summary>
    Answering,

    /// <summary>It is complete.</summary>
    Done,

    /// <summary>The visitor stopped it.</summary>
    Stopped,

    /// <summary>The gateway refused, or no gateway could be reached.</summary>
    Refused,

    /// <summary>It ended in the middle.</summary>
    Broken,
}

/// <summary>One model's answer as it grows. Kept in the tab's circuit only.</summary>
/// <param name="model">The logical model that was asked.</param>
public sealed class PlaygroundAnswer(string model)
{
    /// <summary>Longest text that is kept, in characters.</summary>
    public const int MaxText = 200_000;

    private readonly StringBuilder text = new();

    /// <summary>The logical model that was asked.</summary>
    public string Model => model;

    /// <summary>How far it has come.</summary>
    public PlaygroundStage Stage { get; internal set; }

    /// <summary>What was said so far.</summary>
    public string Text => text.ToString();

    /// <summary>HTTP status; null = there was none.</summary>
    public int? Status { get; internal set; }

    /// <summary>Why there is no answer, or no whole one; null = nothing is wrong.</summary>
    public string? Fault { get; internal set; }

    /// <summary>Why the model stopped where it was not done: it ran into its bound, or its provider's filter; null = neither.</summary>
    public string? Remark { get; internal set; }

    /// <summary>The record of the request; null = the gateway named none.</summary>
    public Guid? RecordId { get; internal set; }

    /// <summary>The model that answered where it is another one than was asked.</summary>
    public string? Served { get; internal set; }

    /// <summary>Name of the deployment that answers.</summary>
    public string? Deployment { get; internal set; }

    /// <summary>Whether it comes from the cache.</summary>
    public bool Cached { get; internal set; }

    /// <summary>Cost in nano-USD as booked; null = not known (yet).</summary>
    public long? CostNanoUsd { get; internal set; }

    /// <summary>Whether the cost is an estimate.</summary>
    public bool Estimated { get; internal set; }

    /// <summary>Tokens of the question, those from a prompt cache included; null = not known (yet).</summary>
    public long? InputTokens { get; internal set; }

    /// <summary>Tokens of the answer; null = not known (yet).</summary>
    public long? OutputTokens { get; internal set; }

    /// <summary>From sending to the first piece of the answer, in microseconds, measured here.</summary>
    public long? FirstTokenUs { get; internal set; }

    /// <summary>From sending to the end, in microseconds, measured here.</summary>
    public long? TotalUs { get; internal set; }

    /// <summary>Whether nothing more will come.</summary>
    public bool IsOver => Stage >= PlaygroundStage.Done;

    /// <summary>Adds a piece; false = it is full.</summary>
    internal bool Add(string piece)
    {
        if (text.Length + piece.Length > MaxText) return false;
        text.Append(piece);
        return true;
    }

    /// <summary>Takes from its record what the stream did not tell.</summary>
    internal void Take(RequestRow record)
    {
        (CostNanoUsd, Estimated) = (record.CostNanoUsd, record.Estimated);
        (InputTokens, OutputTokens) = (record.InputTokens + record.CacheReadTokens + record.CacheWriteTokens, record.OutputTokens);
    }

    /// <summary>Ends it, once.</summary>
    internal void End(PlaygroundStage stage, string? fault = null)
    {
        if (IsOver) return;
        (Stage, Fault) = (stage, fault);
    }
}
