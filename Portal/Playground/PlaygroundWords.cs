using AspireGateway.Portal.Components.Formats;

namespace AspireGateway.Portal.Playground;

/// <summary>What the playground says of answers.</summary>
internal static class PlaygroundWords
{
    /// <summary>How far an answer has come, and the class of its mark.</summary>
    public static (string Text, string Class) Of(PlaygroundAnswer answer) => answer.Stage switch
    {
        PlaygroundStage.Waiting => ("Waiting", ""),
        PlaygroundStage.Thinking => ("Thinking", ""),
        PlaygroundStage.Answering => ("Answering", ""),
        PlaygroundStage.Done => (answer.Cached ? "Done, from the cache" : "Done", "state-good"),
        PlaygroundStage.Stopped => ("Stopped", "state-warn"),
        PlaygroundStage.Refused => (answer.Status is { } status ? $"Refused with {status}" : "No answer", "state-bad"),
        _ => ("Broken off", "state-bad"),
    };

    /// <summary>Two whole answers beside each other in a sentence; null = there are no two, or a cost is not known.</summary>
    public static string? Compare(IReadOnlyList<PlaygroundAnswer> answers)
    {
        if (answers is not [{ Stage: PlaygroundStage.Done, CostNanoUsd: { } costA, TotalUs: { } timeA } a, { Stage: PlaygroundStage.Done, CostNanoUsd: { } costB, TotalUs: { } timeB } b]) return null;
        var cost = costA == costB ? "Both cost the same" : $"{(costA < costB ? a : b).Model} cost {Money.Text(Math.Abs(costA - costB))} less than {(costA < costB ? b : a).Model}";
        return $"{cost}; {(timeA <= timeB ? a : b).Model} was complete {Quantity.Duration(Math.Abs(timeA - timeB))} sooner.";
    }
}
