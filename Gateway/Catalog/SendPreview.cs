using System.Buffers;
using System.Text.Json;
using AspireGateway.Gateway.Accounting;
using AspireGateway.Gateway.Accounting.Estimating;
using AspireGateway.Gateway.Accounting.Limits;
using AspireGateway.Gateway.Egress;
using AspireGateway.Gateway.Egress.OpenAi;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Reliability.Credentials;
using AspireGateway.Gateway.Routing;

namespace AspireGateway.Gateway.Catalog;

/// <summary>
/// Answers <c>POST /v1/route/preview</c>: where a chat request would go and what it would cost, without sending or booking it. Money is in USD, exact decimals. A request that
/// would be refused is answered with its refusal and, as far as it was planned, with all that is known of the plan.
/// </summary>
internal sealed class SendPreview(TokenEstimator estimator, OutputAverages averages, Routing.Rules.RouteRules rules, TimeProvider time) : IReply
{
    /// <inheritdoc />
    public async Task ReplyAsync(Exchange exchange)
    {
        try
        {
            GatewayHeaders.Set(exchange);
            if (exchange.Reply.CallerLeft) return;
            if (exchange.Refusal is { } bare && !IsPlanned(exchange, bare))
            {
                await SendReply.RefuseAsync(exchange, bare);
                return;
            }
            var body = new ArrayBufferWriter<byte>(1024);
            await using (var json = new Utf8JsonWriter(body)) Write(exchange, json);
            if (exchange.Refusal is { } refusal)
            {
                exchange.Reply.StatusCode = refusal.Status;
                await ErrorWriter.WriteAsync(exchange.Http, refusal, body);
                return;
            }
            var response = exchange.Http.Response;
            exchange.Reply.StatusCode = response.StatusCode = StatusCodes.Status200OK;
            response.ContentType = "application/json";
            response.ContentLength = body.WrittenCount;
            await response.Body.WriteAsync(body.WrittenMemory, exchange.Http.RequestAborted);
        }
        finally
        {
            exchange.Request?.Dispose();
        }
    }

    // What a rule refuses is not planned; here it is, as if the rule did not refuse.
    private static bool IsPlanned(Exchange exchange, Refusal refusal)
    {
        if (refusal.Status == StatusCodes.Status500InternalServerError) return false;
        if (exchange.Plan is null && refusal.Code == Refusal.RouteDeniedCode)
        {
            PlanRoute.Plan(exchange.Caller!, exchange.Request!.Model, exchange.Request, exchange.ArrivedAt, out var plan);
            exchange.Plan = plan;
        }
        return exchange.Plan is not null;
    }

    private void Write(Exchange exchange, Utf8JsonWriter json)
    {
        var plan = exchange.Plan!;
        json.WriteStartObject();
        if (exchange.Refusal is { } refusal) OpenAiReplyDialect.WriteProperty(json, refusal, refusal.Param);
        json.WriteString("object"u8, "route_preview"u8);
        json.WriteString("requested_model"u8, plan.RequestedModel);
        json.WriteString("model"u8, plan.Model.Name);
        json.WriteString("route_reason"u8, plan.Reason);
        Routing.Rules.RulePreview.Write(exchange, rules, json);
        if (plan.Ramp is { } ramp)
        {
            json.WriteStartObject("ramp"u8);
            json.WriteString("deployment"u8, ramp.StandIn.Name);
            json.WriteString("stands_in_for"u8, ramp.For.Name);
            json.WriteNumber("share"u8, Math.Round(ramp.Share, 3));
            json.WriteString("until"u8, DateTimeOffset.FromUnixTimeMilliseconds(ramp.UntilMs));
            json.WriteEndObject();
        }
        json.WriteStartArray("candidates"u8);
        long expected = 0, worst = 0;
        var isFirst = true;
        foreach (var candidate in plan.Candidates)
        {
            var (likely, most) = WriteCandidate(exchange, candidate, json);
            if (candidate.Dropped is not null) continue;
            if (isFirst) expected = likely;
            isFirst = false;
            worst = Math.Max(worst, most);
        }
        json.WriteEndArray();
        // Where nothing would be tried there is nothing to pay.
        if (!isFirst) WriteCosts(exchange, json, expected, worst);
        json.WriteEndObject();
    }

    private void WriteCosts(Exchange exchange, Utf8JsonWriter json, long expected, long worst)
    {
        // One that may have to pay several answers.
        worst = Math.Max(worst, LegBounds.WorstOf(exchange));
        CascadePreview.Write(exchange, json, estimator, averages);
        // Probably the first candidate answers; at the very most the dearest one does.
        json.WriteString("expected_cost_usd"u8, UsdFormat.Of(expected));
        json.WriteString("worst_case_cost_usd"u8, UsdFormat.Of(worst));
        if (ApproveSpend.PolicyOf(exchange.Caller!) is { Threshold: { } threshold, Action: var action })
        {
            json.WriteStartObject("approval"u8);
            json.WriteBoolean("required"u8, worst > threshold);
            json.WriteString("threshold_usd"u8, UsdFormat.Of(threshold));
            json.WriteString("action"u8, action ?? Shared.Domain.Limits.ApprovalActions.Wait);
            json.WriteEndObject();
        }
    }

    private (long Expected, long Worst) WriteCandidate(Exchange exchange, in Candidate candidate, Utf8JsonWriter json)
    {
        var facts = exchange.Request!;
        var deployment = candidate.Deployment;
        var bound = SpendBound.Of(facts, deployment, candidate.Price, keyCap: null);
        var expected = ExpectedSpend.Of(facts, deployment, candidate.Price, null, estimator, averages);
        json.WriteStartObject();
        json.WriteString("deployment"u8, deployment.Name);
        json.WriteString("provider"u8, deployment.Provider.Slug);
        json.WriteString("upstream_model"u8, deployment.UpstreamModel);
        json.WriteString("region"u8, deployment.Region);
        json.WriteBoolean("kept"u8, candidate.Dropped is null);
        json.WriteString("dropped_because"u8, candidate.Dropped);
        Routing.Quality.QualityPreview.Write(json, exchange.Plan!.Model, facts, deployment);
        CredentialPreview.Write(deployment, time.GetUtcNow(), json);
        if (candidate.Price is { Components: var price })
        {
            json.WriteStartObject("price_usd_per_million_tokens"u8);
            json.WriteString("input"u8, UsdFormat.Of(price.Input));
            json.WriteString("output"u8, UsdFormat.Of(price.Output));
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("price_usd_per_million_tokens"u8);
        }
        json.WriteNumber("expected_input_tokens"u8, ExpectedSpend.ExpectedInputTokens(facts, deployment, estimator));
        json.WriteNumber("expected_output_tokens"u8, ExpectedSpend.ExpectedOutputTokens(facts, deployment, averages, null));
        json.WriteNumber("max_output_tokens"u8, bound.MaxOutputTokens);
        json.WriteString("expected_cost_usd"u8, UsdFormat.Of(expected));
        json.WriteString("worst_case_cost_usd"u8, UsdFormat.Of(bound.WorstNanoUsd));
        json.WriteEndObject();
        return (expected, bound.WorstNanoUsd);
    }
}
