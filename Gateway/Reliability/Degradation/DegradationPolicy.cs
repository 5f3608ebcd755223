using AspireGateway.Gateway.Caching.Entries;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Shared.Domain.Reliability;

namespace AspireGateway.Gateway.Reliability.Degradation;

/// <summary>
/// Whether a request that nobody could serve is answered all the same, as its model's policy says. Asked only when it would be refused.
/// </summary>
internal static class DegradationPolicy
{
    /// <summary>The reason of the plans of such requests.</summary>
    public const string Canned = "degraded_canned";

    /// <summary>The reason of the plans of requests that an old reply of the cache answers.</summary>
    public const string Stale = "degraded_stale";

    /// <summary>The old reply to give in place of a refusal; null = there is none, or the policy does not want it.</summary>
    public static CachedReply? StaleFor(Exchange exchange, Refusal refusal) =>
        exchange is { Cache.Stale: { } stale, Plan: { Model.Reliability.Degradation.Action: DegradationActions.Stale, Pin: not { MayLeave: false } } } && IsNobodyLeft(exchange, refusal)
            ? stale : null;

    /// <summary>The answer to give in place of a refusal; null = the refusal stands.</summary>
    public static string? AnswerFor(Exchange exchange, Refusal refusal) =>
        exchange.Plan is { Model.Reliability.Degradation: { Action: DegradationActions.Canned, Text: { } text }, Pin: not { MayLeave: false } }
        && exchange.Operation.Kind == OperationKind.Chat && IsNobodyLeft(exchange, refusal) && TakesAnyText(exchange)
            ? text : null;

    /// <summary>Whether it is for want of a deployment that answers, and not for the request's, a budget's or a limit's sake.</summary>
    private static bool IsNobodyLeft(Exchange exchange, Refusal refusal) => refusal.Code switch
    {
        "upstream_error" or "upstream_timeout" or "no_healthy_deployment" => true,
        // A provider's; the gateway's own limits end a request before it is sent, or name themselves.
        "rate_limit_exceeded" => exchange.Call is { AttemptCount: > 0, Attempts: [.., { Outcome: "rate_limited" or "overloaded" }] },
        _ => false,
    };

    /// <summary>
    /// A program that offered tools, asked for JSON, sound or several answers, or wants to be refused rather than served by halves, could not tell a canned text from what it expects.
    /// </summary>
    private static bool TakesAnyText(Exchange exchange)
    {
        var facts = exchange.Request!;
        if (facts.IsStrict || facts.Tools > 0) return false;
        if (facts.Chat is null)
        {
            var read = new ChatRequest();
            if (RequestDialects.Of(exchange.Operation.Dialect) is not { } dialect || dialect.Read(facts.Body, read) is not null) return false;
            facts.Chat = read;
        }
        var chat = facts.Chat;
        return chat is { Tools.Count: 0, ResponseFormat: null, Choices: null or 1, Logprobs: not true } && !chat.Unmapped.Contains("modalities") && !chat.Unmapped.Contains("audio");
    }
}
