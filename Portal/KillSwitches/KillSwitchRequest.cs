namespace AspireGateway.Portal.KillSwitches;

/// <summary>What to stop.</summary>
public sealed record ThrowKillSwitchRequest
{
    /// <summary>What is stopped: <c>global</c> (operators), <c>organisation</c>, <c>team</c>, <c>user</c>, <c>key</c>, <c>feature</c>, <c>agent</c>, <c>model</c> or <c>deployment</c>.</summary>
    public string? ScopeKind { get; init; }

    /// <summary>Which one: the id or name of a team, key, deployment or model; the name of a user, feature or agent. None for global and organisation.</summary>
    public string? ScopeId { get; init; }

    /// <summary>Why, 1 to 500 characters; refused callers read it.</summary>
    public string? Reason { get; init; }
}
