namespace AspireGateway.Shared.Domain.Guardrails;

/// <summary>What becomes of a reply that is not in the form that was promised.</summary>
public static class InvalidReplySteps
{
    /// <summary>Most steps of a rule.</summary>
    public const int Most = 4;

    /// <summary>The same deployment is asked again.</summary>
    public const string Retry = "retry";

    /// <summary>The same deployment is shown its reply and what is amiss, and asked to put it right.</summary>
    public const string Repair = "repair";

    /// <summary>The next deployment of the route is asked.</summary>
    public const string Fallback = "fallback";

    /// <summary>The request ends with an error. So it does when no step is left.</summary>
    public const string Error = "error";

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<string> All = [Retry, Repair, Fallback, Error];

    /// <summary>Where a rule names none.</summary>
    public static readonly IReadOnlyList<string> Default = [Retry, Error];
}
