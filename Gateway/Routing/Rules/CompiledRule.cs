using AspireGateway.Gateway.Routing.Rules.Patterns;
using AspireGateway.Gateway.State;

namespace AspireGateway.Gateway.Routing.Rules;

/// <summary>A rule made ready: its conditions in the order of what they cost, its target looked up.</summary>
/// <param name="Id">Its id, as pins name it.</param>
/// <param name="Name">Its name.</param>
/// <param name="Reason"><c>rule:name</c>, as callers see it.</param>
/// <param name="Conditions">All must hold.</param>
/// <param name="Target">The model that it sends to, or that of its one deployment; null = it sends to none, or the target is gone.</param>
/// <param name="Strategy">The strategy that it orders by; null = the model's own.</param>
/// <param name="Deny">What refused callers are told; null = it refuses nobody.</param>
/// <param name="Fault">Why it can never hold as it stands: its target is gone, its pattern cannot be read; null = nothing is wrong.</param>
internal sealed record CompiledRule(
    string Id, string Name, string Reason, ICondition[] Conditions, ModelSnapshot? Target, string? Strategy, string? Deny, string? Fault);

/// <summary>The rules of an organisation, in order, and its own tasks.</summary>
/// <param name="Rules">Enabled rules.</param>
/// <param name="Tasks">Own tasks, by name.</param>
/// <param name="Patterns">Patterns of both.</param>
internal sealed record CompiledRules(CompiledRule[] Rules, CompiledTask[] Tasks, PatternSet Patterns)
{
    /// <summary>None.</summary>
    public static readonly CompiledRules None = new([], [], PatternSet.Empty);
}

/// <summary>A task of an organisation's own.</summary>
/// <param name="Name">Its label.</param>
/// <param name="Words">Its words; null = none.</param>
/// <param name="Patterns">Places of its patterns.</param>
internal sealed record CompiledTask(string Name, WordSet? Words, int[] Patterns)
{
    /// <summary>Whether a prompt is of it.</summary>
    public bool IsFoundIn(ref RuleFacts facts)
    {
        if (Words?.AnyIn(facts.Prompt.Characters) == true) return true;
        foreach (var pattern in Patterns)
            if (facts.Matches(pattern)) return true;
        return false;
    }
}
