using System.Globalization;
using AspireGateway.Portal.Components.Formats;
using AspireGateway.Shared.Contracts;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Portal.Requests;

/// <summary>A request told in words.</summary>
public static class Story
{
    /// <summary>What happened, in one sentence.</summary>
    public static string Sentence(RequestDetails details)
    {
        var r = details.Request;
        var asked = Asked(details) ?? "no model";
        var who = r.KeyName ?? "a deleted key";
        return r.Status switch
        {
            UsageStatuses.Ok when r.CacheHit is not null => $"{who} asked for {asked}; the gateway's cache answered in {Quantity.Duration(r.LatencyUs)}.",
            UsageStatuses.Ok => $"{who} asked for {asked}; {r.Deployment} answered in {Quantity.Duration(r.LatencyUs)} for {Money.Text(r.CostNanoUsd)}.",
            UsageStatuses.Refused when r.FallbackChain.Count > 0 => $"{who} asked for {asked}; the gateway did not pass on what {r.Deployment ?? "the provider"} answered.",
            UsageStatuses.Refused => $"{who} asked for {asked}; the gateway refused it before any provider was called.",
            UsageStatuses.Failed => $"{who} asked for {asked}; no provider answered, after {Attempts(r.FallbackChain.Count)}.",
            UsageStatuses.Degraded => $"{who} asked for {asked}; nobody was left to answer, so the model's canned answer was sent.",
            UsageStatuses.Truncated => $"{who} asked for {asked}; {r.Deployment} broke off in the middle of its answer.",
            UsageStatuses.Aborted => $"{who} asked for {asked} and left before the answer was whole.",
            _ => $"{who} asked for {asked}; the gateway stopped on the way, so its cost is an estimate.",
        };
    }

    /// <summary>What to do about it; null = nothing.</summary>
    public static string? Advice(RequestDetails details) => details.Request.Error switch
    {
        "invalid_api_key" => "The key is unknown, revoked or expired. Issue a new one, or look at its state under Keys.",
        "model_not_allowed" => $"The key's models do not include {Asked(details) ?? "this one"}. Its team's lead can widen them under Keys.",
        "region_not_allowed" => "No deployment of the model is in a region that the request may be processed in. Add one under Models, or look at what is allowed under Residency.",
        "route_denied" => "A routing rule refuses such requests. It stands under Routes.",
        "pin_unavailable" => "It is pinned to a version that did not serve. The pin can be changed, or be allowed to fall back, under Pins.",
        "guardrail_blocked" => "A guardrail does not let it pass; it never writes down what it found. The application can take that out, or the policy be changed under Guardrails.",
        "quarantined" => "A guardrail keeps it for a reviewer: it stands under Quarantine. Released, it can be repeated once with its ticket.",
        "model_not_found" => $"There is no model {Asked(details) ?? "of this name"}. Create it under Models, or correct the name in the application.",
        "invalid_request_error" => "The body is not a request that the gateway understands; the caller was told which field is wrong.",
        "request_too_large" => "The body is larger than the key allows. Its sizes can be raised under Keys.",
        "upstream_error" => "The provider failed. Add another deployment to the model under Models, so that requests can fall back to it.",
        "invalid_reply" => "The model's reply was not in the form that was promised. Look at the schema and at the rule under Guardrails; repair or another model may help.",
        "upstream_timeout" => "The provider was too slow. Its time limits stand with the provider; another deployment can take over.",
        "not_cached" => "Only a kept answer was asked for (x-gateway-cache: only-if-cached), and there was none. Without that header it would have been asked of a provider.",
        "no_healthy_deployment" => "No deployment of the model could be asked: none is enabled, or those that are were left alone after failures. Look under Reliability, and enable or add one under Models.",
        "store_unavailable" => "The gateway could not read its configuration at that moment. See its readiness page.",
        _ => details.Request.Status is UsageStatuses.Truncated ? "The caller got an explicit error event at the end of the stream; nothing was retried, because a part of the answer was out." : null,
    };

    /// <summary>What became of a candidate.</summary>
    public static string Fate(JourneyCandidate candidate, JourneyDocument journey)
    {
        if (candidate.Dropped is { } reason) return $"dropped: {reason}";
        var attempts = journey.Attempts.Where(a => a.Role is null && string.Equals(a.Deployment, candidate.Deployment, StringComparison.Ordinal)).ToList();
        if (attempts.Count == 0) return journey.Attempts.Count == 0 ? "not tried" : "kept in reserve";
        var last = attempts[^1];
        var how = string.Equals(last.Outcome, "ok", StringComparison.Ordinal) ? "answered" : Name(last.Outcome).ToLowerInvariant();
        if (last.Score is { } score) how += $", scored {Score(score)}{(last.Gate is null ? "" : $" for its {Name(last.Gate).ToLowerInvariant()}")}{(last.GateDetail is null ? "" : $" ({last.GateDetail})")}";
        if (last.CostNanoUsd is { } cost) how += $", {Money.Text(cost)}";
        return last.Status is { } status and not 200 ? $"{how}, {status.ToString(CultureInfo.InvariantCulture)}" : how;
    }

    /// <summary>A score of a gate, 0 to 1.</summary>
    public static string Score(double score) => score.ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>The record's fields that hold something.</summary>
    public static IEnumerable<(string Name, string Value)> Facts(RequestDetails details)
    {
        var (r, j) = (details.Request, details.Journey);
        (string, string?)[] all =
        [
            ("Key", r.KeyName ?? "deleted"), ("Team", r.TeamName ?? "deleted"), ("Feature", r.Feature), ("User", r.UserId), ("Agent", r.Agent), ("Task", TaskOf(r, j)),
            ("Operation", r.Route.Replace('_', ' ')), ("Asked for", j?.RequestedModel ?? (j is null ? null : "no model")), ("Model", r.Model),
            ("Served by", r.Deployment is null ? null : $"{r.Deployment} at {r.Provider}"), ("Provider's model", r.ServedModel), ("Why this route", j?.RouteReason), ("Complexity", j?.Complexity),
            ("Streamed", r.Streamed ? "yes" : "no"), ("First token", r.TtftUs is { } ttft ? Quantity.Duration(ttft) : null),
            ("Reasoning", r.ReasoningTokens > 0 ? $"{Quantity.Exact(r.ReasoningTokens)} tokens of the output" : null),
            ("Cache", r.CacheHit is null ? null : j?.CacheSimilarity is { } close ? $"{r.CacheHit} hit, similarity {close.ToString("0.000", CultureInfo.InvariantCulture)}" : $"{r.CacheHit} hit"), ("Saved by the cache", Saved(r)), ("Guardrails", r.GuardrailsTriggered.Count > 0 ? string.Join(", ", r.GuardrailsTriggered.Select(Guardrails.GuardrailWords.Title)) : null),
            ("Request body", j is null ? null : Quantity.Bytes(j.RequestBytes)), ("Reply body", j is null ? null : Quantity.Bytes(j.ReplyBytes)),
            ("Gateway", j?.Gateway), ("Configuration", j is { Revision: > 0 } ? $"revision {Quantity.Exact(j.Revision)}" : null), ("Record", r.Id.ToString()),
        ];
        return all.Where(f => f.Item2 is not null).Select(f => (f.Item1, f.Item2!));
    }

    /// <summary>The gateway's own response headers, as far as the record tells them.</summary>
    public static IEnumerable<(string Name, string Value)> Headers(RequestDetails details)
    {
        var (r, j) = (details.Request, details.Journey);
        (string, string?)[] all =
        [
            ("x-request-id", r.RequestId), ("x-gateway-model", r.Model), ("x-gateway-deployment", r.Deployment), ("x-gateway-provider", r.Provider),
            ("x-gateway-route-reason", j?.RouteReason), ("x-gateway-cache", r.CacheHit is null ? null : r.CacheHit == "semantic" ? "semantic" : "hit"), ("x-gateway-cache-similarity", j?.CacheSimilarity?.ToString("0.000", CultureInfo.InvariantCulture)), ("x-gateway-attempts", r.FallbackChain.Count > 0 ? Text(r.FallbackChain.Count) : null),
            ("x-gateway-input-tokens", Whole(r, r.InputTokens + r.CacheReadTokens + r.CacheWriteTokens)), ("x-gateway-output-tokens", Whole(r, r.OutputTokens)),
            ("x-gateway-latency-ms", Whole(r, r.LatencyUs / 1000)),
        ];
        return all.Where(h => h.Item2 is not null).Select(h => (h.Item1, h.Item2!));
    }

    /// <summary>A step's or outcome's name as people read it: <c>CallProvider</c> and <c>call_provider</c> become "Call provider".</summary>
    public static string Name(string code)
    {
        var words = new System.Text.StringBuilder(code.Length + 4);
        foreach (var c in code)
        {
            if (c is '_' or '-') words.Append(' ');
            else if (char.IsUpper(c) && words.Length > 0 && words[^1] != ' ') words.Append(' ').Append(char.ToLowerInvariant(c));
            else words.Append(words.Length == 0 ? char.ToUpperInvariant(c) : c);
        }
        return words.ToString();
    }

    // The journey keeps the name as it was sent; the record only one that could be resolved.
    private static string? TaskOf(RequestRow r, JourneyDocument? j) => r.Task is null ? null : j?.TaskSource switch
    {
        "declared" => $"{r.Task}, declared by the caller",
        "words" => $"{r.Task}, told by its words",
        "classifier" => $"{r.Task}, {Math.Round((j.TaskConfidence ?? 0) * 100)} % sure",
        _ => r.Task,
    };

    private static string? Saved(RequestRow r) =>
        r is { SavedNanoUsd: { } cost, SavedUs: { } time } ? $"{Money.Text(cost)} and {Quantity.Duration(time)}" : null;

    private static string? Asked(RequestDetails details) => details.Request.Model ?? details.Journey?.RequestedModel;

    private static string? Whole(RequestRow r, long value) => r.Streamed || r.Status != UsageStatuses.Ok ? null : Text(value);

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Attempts(int count) => count == 1 ? "1 attempt" : $"{Text(count)} attempts";
}
