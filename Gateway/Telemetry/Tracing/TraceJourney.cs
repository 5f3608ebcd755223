using System.Diagnostics;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Providers;
using AspireGateway.ServiceDefaults.Telemetry;

namespace AspireGateway.Gateway.Telemetry.Tracing;

/// <summary>
/// Tells the trace of a finished request: one span for it, one for each step, one for each attempt at a provider, with the attributes of OpenTelemetry's semantic conventions for generative AI. They are made when
/// the request is over, from the times that its journey notes anyway, so that a request costs nothing where nobody collects traces. Never a word of a prompt, a reply or a
/// tool's arguments, unless both the operator's switch and the organisation's content policy let them stand here (decision 0200).
/// </summary>
internal sealed class TraceJourney : ISettle
{
    // Characters; collectors refuse spans that are too large.
    private const int MostTold = 16_384;

    private static readonly ActivitySource Source = new(OtlpTelemetry.SourceName);

    /// <inheritdoc />
    public ValueTask SettleAsync(Exchange exchange)
    {
        if (Source.HasListeners()) Tell(exchange);
        GenAiMeters.Record(exchange);
        return ValueTask.CompletedTask;
    }

    private static void Tell(Exchange exchange)
    {
        var (operation, model) = (GenAiNames.OperationOf(exchange.Operation.Kind), exchange.Plan?.Model.Name);
        var failure = exchange.Refusal?.Code ?? exchange.Reply.BrokenBecause;
        // Most of a busy gateway's requests are not chosen: nothing is made for them.
        if (failure is null && Activity.Current is { Recorded: false }) return;
        // Said at once, for the sampler: what failed has places of its own.
        KeyValuePair<string, object?>[]? said = failure is null ? null : [new(TraceSampler.Failed, failure)];
        using var request = Source.StartActivity(model is null ? operation : $"{operation} {model}", ActivityKind.Internal, default(ActivityContext), said, startTime: exchange.ArrivedAt);
        // Sampled away.
        if (request is null) return;
        Describe(request, exchange, operation, failure);
        var began = 0L;
        for (var i = 0; i < exchange.Steps.Count; i++)
        {
            var (name, endUs) = exchange.Steps[i];
            using var step = Source.StartActivity(name, ActivityKind.Internal, request.Context, startTime: At(exchange, began));
            if (step is not null && name == "call_provider") Attempts(exchange, step);
            step?.SetEndTime(At(exchange, endUs).UtcDateTime);
            began = endUs;
        }
        // A forwarded call has its attempt while the reply is sent, a cascade may go on there.
        request.SetEndTime(At(exchange, exchange.ElapsedUs).UtcDateTime);
    }

    private static void Describe(Activity span, Exchange exchange, string operation, string? failure)
    {
        span.SetTag("gen_ai.operation.name", operation);
        // What callers say may hold anything.
        span.SetTag("gen_ai.request.model", exchange.Plan?.RequestedModel is { Length: <= 200 } requested ? SinkSecrets.Strip(requested) : exchange.Plan?.Model.Name);
        if (exchange.Request is { } facts)
        {
            span.SetTag("gen_ai.request.max_tokens", facts.MaxOutputTokens);
            span.SetTag("gen_ai.request.stream", facts.Stream);
            span.SetTag("aspire_gateway.feature", SinkSecrets.Strip(facts.Feature ?? exchange.Caller?.Key.Feature));
        }
        if (exchange.Call.Standing is { } standing)
        {
            span.SetTag("gen_ai.provider.name", GenAiNames.ProviderOf(standing.Candidate.Deployment.Provider));
            span.SetTag("gen_ai.response.model", SinkSecrets.Strip(standing.Facts.ServedModel));
            span.SetTag("aspire_gateway.deployment", standing.Candidate.Deployment.Name);
        }
        if (exchange.Spend is { } spend)
        {
            span.SetTag("gen_ai.usage.input_tokens", spend.Usage.TotalInput);
            span.SetTag("gen_ai.usage.output_tokens", spend.Usage.Output);
            span.SetTag("aspire_gateway.cost_nano_usd", spend.CostNanoUsd);
        }
        span.SetTag("aspire_gateway.request_id", SinkSecrets.Strip(exchange.RequestId));
        span.SetTag("aspire_gateway.team", exchange.Caller?.Team.Slug);
        span.SetTag("aspire_gateway.route_reason", exchange.Plan?.Reason);
        span.SetTag("aspire_gateway.attempts", exchange.Call.AttemptCount);
        span.SetTag("aspire_gateway.cached", exchange.IsFromCache);
        span.SetTag("http.response.status_code", exchange.Reply.StatusCode);
        if (exchange.TracedTexts is { } texts)
        {
            span.SetTag("gen_ai.input.messages", Told(texts.Prompt));
            span.SetTag("gen_ai.output.messages", Told(texts.Reply));
        }
        if (failure is not null) Fail(span, failure);
    }

    private static void Attempts(Exchange exchange, Activity step)
    {
        for (var i = 0; i < exchange.Call.AttemptCount; i++)
        {
            ref readonly var attempt = ref exchange.Call.Attempts[i];
            var deployment = attempt.Candidate.Deployment;
            using var span = Source.StartActivity($"attempt {deployment.Name}", ActivityKind.Client, step.Context, startTime: At(exchange, attempt.StartUs));
            if (span is null) return;
            span.SetTag("gen_ai.provider.name", GenAiNames.ProviderOf(deployment.Provider));
            span.SetTag("gen_ai.request.model", deployment.UpstreamModel);
            span.SetTag("server.address", deployment.Provider.BaseUrl.Host);
            span.SetTag("aspire_gateway.deployment", deployment.Name);
            span.SetTag("aspire_gateway.outcome", attempt.Outcome);
            if (attempt.Status is { } status) span.SetTag("http.response.status_code", status);
            if (attempt.FirstByteUs is { } first) span.AddEvent(new ActivityEvent("first_byte", At(exchange, first)));
            if (attempt.Status is null or >= 400) Fail(span, attempt.Outcome);
            span.SetEndTime(At(exchange, attempt.EndUs).UtcDateTime);
        }
    }

    private static string? Told(string? text) => SinkSecrets.Strip(text is { Length: > MostTold } ? text[..MostTold] : text);

    private static void Fail(Activity span, string code)
    {
        span.SetTag("error.type", code);
        span.SetStatus(ActivityStatusCode.Error);
    }

    private static DateTimeOffset At(Exchange exchange, long microseconds) => exchange.ArrivedAt.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond);
}
