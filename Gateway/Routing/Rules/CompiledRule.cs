using AspireGateway.Gateway.State;

namespace AspireGateway.Gateway.Routing.Rules;

/// <summary>A rule made ready: its conditions in the order of what they cost, its target looked up.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Reason"><c>rule:name</c>, as callers see it.</param>
/// <param name="Conditions">All must hold.</param>
/// <param name="Target">The model that it sends to, or that of its one deployment; null = it sends to none, or the target is gone.</param>
/// <param name="Strategy">The strategy that it orders by; null = the model's own.</param>
/// <param name="Deny">What refused callers are told; null = it refuses nobody.</param>
/// <param name="Fault">Why it can never hold as it stands: its target is gone, its pattern cannot be read; null = nothing is wrong.</param>
internal sealed record CompiledRule(
    string Name, string Reason, ICondition[] Conditions, ModelSnapshot? Target, string? Strategy, string? Deny, string? Fault);

/// <summary>The rules of an organisation, in order, and its own tasks.</summary>
/// <param name="Rules">Enabled rules.</param>
/// <param name="Tasks">Own tasks, by name.</param>
internal sealed record CompiledRules(CompiledRule[] Rules, CompiledTask[] Tasks)
{
    /// <summary>None.</summary>
    public static readonly CompiledRules None = new([], []);
}

/// <summary>A task of an organisation's own.</summary>
/// <param name="Name">Its label.</param>
/// <param name="Words">Its words; null = none.</param>
/// <param name="Patterns">Its patterns.</param>
internal sealed record CompiledTask(string Name, WordSet? Words, System.Text.RegularExpressions.Regex[] Patterns)
{
    /// <summary>Whether a text is of it.</summary>
    public bool IsFoundIn(ReadOnlySpan<char> text)
    {
        if (Words?.AnyIn(text) == true) return true;
        foreach (var pattern in Patterns)
            if (pattern.IsMatch(text)) return true;
        return false;
    }
}
