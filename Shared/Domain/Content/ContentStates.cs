namespace AspireGateway.Shared.Domain.Content;

/// <summary>How the request of a kept text ended.</summary>
public static class ContentStates
{
    /// <summary>The caller got the whole reply.</summary>
    public const string Whole = "whole";

    /// <summary>A guardrail did not let the prompt or the reply pass.</summary>
    public const string Blocked = "blocked";

    /// <summary>The caller left before the reply was whole.</summary>
    public const string Cancelled = "cancelled";

    /// <summary>The reply broke off.</summary>
    public const string Cut = "cut";

    /// <summary>The caller got an error instead.</summary>
    public const string Failed = "failed";

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<string> All = [Whole, Blocked, Cancelled, Cut, Failed];
}
