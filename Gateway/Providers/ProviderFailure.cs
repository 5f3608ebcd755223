using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Providers;

/// <summary>Why an attempt did not bring a reply.</summary>
/// <param name="Outcome">A word for journeys and metrics, from a closed list: <c>rejected</c>, <c>context_length</c>, <c>content_filter</c>, <c>unsupported</c>, <c>operation_unsupported</c>, <c>rate_limited</c>, <c>overloaded</c>, <c>unauthorized</c>, <c>not_found</c>, <c>server_error</c>, <c>timeout</c>, <c>connect_failed</c>, <c>broken</c>, <c>malformed</c>, <c>address_forbidden</c>, <c>credential_unreadable</c>, <c>protocol_unknown</c>, <c>model_name_invalid</c>, <c>too_large</c>.</param>
/// <param name="TryNext">Whether another deployment may do better: false when the request itself is at fault.</param>
/// <param name="Refusal">What the caller gets if this was the last attempt.</param>
internal sealed record ProviderFailure(string Outcome, bool TryNext, Refusal Refusal)
{
    /// <summary>Seconds for which the provider asked to be left alone; null = it did not.</summary>
    public int? ToldSeconds { get; init; }

    /// <summary>Tokens that it says it used all the same; null = it does not say.</summary>
    public TokenUsage? Usage { get; init; }

    /// <summary>Whether it had less time than usual, because the request's own deadline came first.</summary>
    public bool IsCutByDeadline { get; init; }
}
