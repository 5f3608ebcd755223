namespace AspireGateway.Gateway.Routing.Rules;

/// <summary>What a request is about.</summary>
/// <param name="Label">The task; null = there is no conversation and nothing was declared.</param>
/// <param name="Confidence">How sure that is, 0 to 1.</param>
/// <param name="Source">Who says so; of <see cref="TaskSources"/>.</param>
/// <param name="Complexity">Of <see cref="Shared.Domain.Routing.Complexities"/>; null = there is no conversation.</param>
internal readonly record struct RequestTask(string? Label, float Confidence, string Source, string? Complexity);

/// <summary>Who says what the task is.</summary>
internal static class TaskSources
{
    /// <summary>The caller, in <c>x-gateway-task</c>.</summary>
    public const string Declared = "declared";

    /// <summary>Words or patterns of one of the organisation's own tasks.</summary>
    public const string Words = "words";

    /// <summary>The classifier.</summary>
    public const string Classifier = "classifier";
}
