namespace AspireGateway.Gateway.Routing.Rules;

/// <summary>Settings of <c>Gateway:Routing</c>.</summary>
internal sealed class RulesOptions
{
    /// <summary>
    /// Whether every chat's task is told and recorded (default), or only those of organisations with a rule that asks for it. What it costs stands in docs/performance.md.
    /// </summary>
    public bool RecordTasks { get; init; } = true;
}
