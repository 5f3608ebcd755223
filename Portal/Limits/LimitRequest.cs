namespace AspireGateway.Portal.Limits;

/// <summary>A new limit.</summary>
public sealed record CreateLimitRequest
{
    /// <summary>What it is set on: <c>global</c> (operators), <c>organisation</c>, <c>team</c>, <c>user</c>, <c>key</c>, <c>feature</c>, <c>agent</c>, <c>model</c> or <c>deployment</c>.</summary>
    public string? ScopeKind { get; init; }

    /// <summary>Which one: the id or name of a team, key, deployment or model; the name of a user, feature or agent, 1 to 128 characters. Missing = the default of all that have none of their own.</summary>
    public string? ScopeId { get; init; }

    /// <summary>What is counted: <c>requests</c>, <c>tokens</c>, <c>concurrency</c> or <c>output_tokens</c> (of one request).</summary>
    public string? Unit { get; init; }

    /// <summary>How many; 1 to 1,000,000,000,000.</summary>
    public long? Amount { get; init; }

    /// <summary>In which time, for requests and tokens: <c>second</c>, <c>minute</c>, <c>hour</c> or <c>day</c>.</summary>
    public string? Period { get; init; }

    /// <summary>How many may come at once after a pause, for requests and tokens; 1 to the amount; missing = a tenth of it.</summary>
    public long? Burst { get; init; }

    /// <summary>What happens at the limit: <c>reject</c> (also when missing), <c>queue</c>, <c>downgrade</c>, or <c>clamp</c> for output tokens.</summary>
    public string? OnLimit { get; init; }

    /// <summary>How long a request may wait, in milliseconds, 1 to 600,000; with <c>queue</c> only.</summary>
    public int? QueueMs { get; init; }

    /// <summary>The cheaper model; with <c>downgrade</c> only.</summary>
    public string? DowngradeModel { get; init; }
}

/// <summary>New values of a limit; what is missing becomes empty. Scope, unit and period stay.</summary>
public sealed record UpdateLimitRequest
{
    /// <summary>How many; 1 to 1,000,000,000,000.</summary>
    public long? Amount { get; init; }

    /// <summary>How many may come at once after a pause; 1 to the amount; missing = a tenth of it.</summary>
    public long? Burst { get; init; }

    /// <summary>What happens at the limit; missing = <c>reject</c>.</summary>
    public string? OnLimit { get; init; }

    /// <summary>How long a request may wait, in milliseconds, 1 to 600,000; with <c>queue</c> only.</summary>
    public int? QueueMs { get; init; }

    /// <summary>The cheaper model; with <c>downgrade</c> only.</summary>
    public string? DowngradeModel { get; init; }
}
