using System.Text.Json;
using AspireGateway.Gateway.Accounting;
using AspireGateway.Gateway.Accounting.Estimating;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Routing.Cascades;
using AspireGateway.Shared.Domain.Routing;

namespace AspireGateway.Gateway.Catalog;

/// <summary>Explains the steps of a cascade in a preview: who, what each would probably cost together with those before it, and what must go wrong for it.</summary>
internal static class CascadePreview
{
    /// <summary>Writes the property <c>cascade</c>; nothing for a request that is none.</summary>
    public static void Write(Exchange exchange, Utf8JsonWriter json, TokenEstimator estimator, OutputAverages averages)
    {
        if (CascadePolicy.Of(exchange) is not { } cascade) return;
        var facts = exchange.Request!;
        json.WriteStartObject("cascade"u8);
        json.WriteNumber("threshold"u8, cascade.Bar);
        json.WriteStartArray("checks"u8);
        foreach (var check in CascadeChecks.All)
            if (cascade.Looks(check)) json.WriteStringValue(check);
        if (cascade.Judge is not null) json.WriteStringValue(QualityGate.Judge);
        json.WriteEndArray();
        json.WriteStartArray("steps"u8);
        var (soFar, step) = (0L, 0);
        foreach (var candidate in exchange.Plan!.Candidates)
        {
            if (!CascadePolicy.IsStep(cascade, candidate)) continue;
            soFar += ExpectedSpend.Of(facts, candidate.Deployment, candidate.Price, null, estimator, averages);
            json.WriteStartObject();
            json.WriteNumber("step"u8, ++step);
            json.WriteString("deployment"u8, candidate.Deployment.Name);
            json.WriteString("expected_cost_so_far_usd"u8, UsdFormat.Of(soFar));
            json.WriteString("worst_case_cost_usd"u8, UsdFormat.Of(SpendBound.Of(facts, candidate.Deployment, candidate.Price, keyCap: null).WorstNanoUsd));
            json.WriteEndObject();
        }
        json.WriteEndArray();
        if (cascade.Judge is { } judge)
        {
            json.WriteStartObject("judge"u8);
            json.WriteString("model"u8, judge.Model);
            json.WriteString("worst_case_cost_usd"u8, UsdFormat.Of(JudgeBound.WorstOf(exchange, judge)));
            json.WriteEndObject();
        }
        json.WriteString("worst_case_cost_usd"u8, UsdFormat.Of(LegBounds.WorstOf(exchange)));
        json.WriteEndObject();
    }
}
