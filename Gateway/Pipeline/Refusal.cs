namespace AspireGateway.Gateway.Pipeline;

/// <summary>
/// An expected failure: a value from the closed list of codes in the contracts. The message says what was wrong, whose it is and what to do; it is
/// written for the caller. Of the gateway's own policies it also stands in the journey, for those who may change what refused; it goes nowhere else.
/// </summary>
internal sealed class Refusal
{
    /// <summary>Code of what a routing rule refuses.</summary>
    public const string RouteDeniedCode = "route_denied";

    /// <summary>Code of what a guardrail does not let pass.</summary>
    public const string GuardrailBlockedCode = "guardrail_blocked";

    /// <summary>Code of what a guardrail keeps until somebody lets it pass.</summary>
    public const string QuarantinedCode = "quarantined";

    /// <summary>Code of a reply that is not in the form that was promised.</summary>
    public const string InvalidReplyCode = "invalid_reply";

    private Refusal(int status, string code, string message, string? param)
    {
        Status = status;
        Code = code;
        Message = message;
        Param = param;
    }

    /// <summary>HTTP status.</summary>
    public int Status { get; }

    /// <summary>Code of the contracts.</summary>
    public string Code { get; }

    /// <summary>What was wrong and what to do.</summary>
    public string Message { get; }

    /// <summary>The field or header at fault.</summary>
    public string? Param { get; }

    /// <summary>Seconds after which a retry makes sense; sent as <c>Retry-After</c>.</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <summary>What the request can be repeated with once somebody has let it pass; sent as <c>x-gateway-ticket</c>.</summary>
    public Guid? Ticket { get; private init; }

    /// <summary>Kind of the scope that was stopped; null = none was.</summary>
    public string? ScopeKind { get; private init; }

    /// <summary>Which one; null = the one there is.</summary>
    public string? ScopeId { get; private init; }

    /// <summary>Whether it was stopped by a policy because it ran away.</summary>
    public bool IsAnomaly { get; private init; }

    /// <summary>Methods that the route does have; sent as <c>Allow</c>.</summary>
    public string? Allow { get; init; }

    /// <summary>The same refusal with a time after which a retry makes sense, unless it has one; null changes nothing.</summary>
    public Refusal RetryAfter(int? seconds) =>
        seconds is null || RetryAfterSeconds is not null ? this : new(Status, Code, Message, Param) { RetryAfterSeconds = seconds, Allow = Allow, Ticket = Ticket, ScopeKind = ScopeKind, ScopeId = ScopeId, IsAnomaly = IsAnomaly };

    /// <summary>400: a field or header that cannot be accepted.</summary>
    public static Refusal InvalidRequest(string message, string? param = null) => new(400, "invalid_request_error", message, param);

    /// <summary>A 4xx that the provider answered to this request's content, with its own code where it gave one.</summary>
    public static Refusal RejectedByProvider(int status, string code, string message, string? param) => new(status, code, message, param);

    /// <summary>400: a field that no deployment of the model can be told; only for callers who asked to be refused rather than to have it left out.</summary>
    public static Refusal UnsupportedParameter(string message, string? param) => new(400, "unsupported_parameter", message, param);

    /// <summary>402: a budget has no room for it.</summary>
    public static Refusal BudgetExceeded(string message) => new(402, "budget_exceeded", message, null);

    /// <summary>402: somebody must agree to its cost first.</summary>
    public static Refusal ApprovalRequired(string message, Guid? ticket = null) => new(402, "approval_required", message, null) { Ticket = ticket };

    /// <summary>403: what asks, or what is asked for, was stopped.</summary>
    public static Refusal ScopeStopped(string message, string kind, string? id, bool isAnomaly = false) => new(403, "scope_stopped", message, null) { ScopeKind = kind, ScopeId = id, IsAnomaly = isAnomaly };

    /// <summary>429: a limit of requests running at once.</summary>
    public static Refusal ConcurrencyExceeded(string message, int retryAfterSeconds) =>
        new(429, "concurrency_exceeded", message, null) { RetryAfterSeconds = retryAfterSeconds };

    /// <summary>429: it waited as long as its limit lets it.</summary>
    public static Refusal QueueTimeout(string message, int retryAfterSeconds) =>
        new(429, "queue_timeout", message, null) { RetryAfterSeconds = retryAfterSeconds };

    /// <summary>401: no key, or one that is not valid now.</summary>
    public static Refusal InvalidKey(string message) => new(401, "invalid_api_key", message, null);

    /// <summary>403: the key or its team may not use this model.</summary>
    public static Refusal ModelNotAllowed(string message) => new(403, "model_not_allowed", message, "model");

    /// <summary>403: a routing rule refuses it.</summary>
    public static Refusal RouteDenied(string message) => new(403, RouteDeniedCode, message, null);

    /// <summary>403: nothing that could serve is where the request may be processed.</summary>
    public static Refusal RegionNotAllowed(string message) => new(403, "region_not_allowed", message, null);

    /// <summary>403: a guardrail does not let it pass.</summary>
    public static Refusal GuardrailBlocked(string message) => new(403, GuardrailBlockedCode, message, null);

    /// <summary>403: a guardrail keeps it until somebody lets it pass.</summary>
    public static Refusal Quarantined(string message, Guid? ticket) => new(403, QuarantinedCode, message, null) { Ticket = ticket };

    /// <summary>404: no such model in the organisation.</summary>
    public static Refusal ModelNotFound(string message) => new(404, "model_not_found", message, "model");

    /// <summary>404: no such request of the key.</summary>
    public static Refusal RequestNotFound(string message) => new(404, "request_not_found", message, "request_id");

    /// <summary>404: no such route.</summary>
    public static Refusal RouteNotFound(string message) => new(404, "route_not_found", message, null);

    /// <summary>405: the route exists for other methods.</summary>
    public static Refusal MethodNotAllowed(string message, string allow) => new(405, "method_not_allowed", message, null) { Allow = allow };

    /// <summary>413: the body is over the limit.</summary>
    public static Refusal TooLarge(string message) => new(413, "request_too_large", message, null);

    /// <summary>429: the provider's own limit, on every deployment that could serve.</summary>
    public static Refusal RateLimited(string message, int? retryAfterSeconds) =>
        new(429, "rate_limit_exceeded", message, null) { RetryAfterSeconds = retryAfterSeconds };

    /// <summary>500: a fault in the gateway itself.</summary>
    public static Refusal Internal(string requestId) =>
        new(500, "internal_error", $"The gateway failed on this request. It was not your request's fault; report request id {requestId}.", null);

    /// <summary>502: the provider failed.</summary>
    public static Refusal UpstreamError(string message) => new(502, "upstream_error", message, null);

    /// <summary>502: no reply came in the form that was promised.</summary>
    public static Refusal InvalidReply(string message) => new(502, InvalidReplyCode, message, null);

    /// <summary>503: nothing can serve this model now.</summary>
    public static Refusal NoHealthyDeployment(string message) => new(503, "no_healthy_deployment", message, "model");

    /// <summary>503: the version that the request is pinned to does not serve now.</summary>
    public static Refusal PinUnavailable(string message) => new(503, "pin_unavailable", message, "model");

    /// <summary>503: a store that the answer depends on cannot be reached.</summary>
    public static Refusal StoreUnavailable(string message) => new(503, "store_unavailable", message, null) { RetryAfterSeconds = 2 };

    /// <summary>504: only a kept reply was wanted, and there is none (RFC 9111, section 5.2.1.7).</summary>
    public static Refusal NotCached(string message) => new(504, "not_cached", message, null);

    /// <summary>504: the provider took too long.</summary>
    public static Refusal UpstreamTimeout(string message) => new(504, "upstream_timeout", message, null);
}
