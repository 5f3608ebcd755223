using System.Globalization;
using System.Text;
using AspireGateway.Gateway.Accounting.Estimating;
using AspireGateway.Gateway.Accounting.Journal;
using AspireGateway.Gateway.Accounting.Ledger;
using AspireGateway.Gateway.Accounting.Limits;
using AspireGateway.Gateway.Caching.Store;
using AspireGateway.Gateway.Content;
using AspireGateway.Gateway.Reliability.Circuits;
using AspireGateway.Gateway.State;

namespace AspireGateway.Gateway.Telemetry;

/// <summary>Writes <c>/metrics</c> in the Prometheus text format 0.0.4; the names are those of the contracts.</summary>
internal static class PrometheusEndpoint
{
    private const int MaxOrganisations = 1_000;

    /// <summary>Maps the endpoint.</summary>
    public static void MapPrometheus(this WebApplication app) =>
        app.MapGet("/metrics", (GatewayMetrics metrics, TokenEstimator estimator, SnapshotStatus snapshots, UsageJournalStatus journal, Ledger ledger, RequestQueue queue, CircuitMetrics circuits, CacheStore cache, ContentMetrics content, ContentRoom room) =>
            Results.Text(Write(metrics, estimator, snapshots, journal, ledger, queue, circuits, cache, content, room), "text/plain; version=0.0.4", Encoding.UTF8));

    private static string Write(GatewayMetrics metrics, TokenEstimator estimator, SnapshotStatus snapshots, UsageJournalStatus journal, Ledger ledger, RequestQueue queue, CircuitMetrics circuits, CacheStore cache, ContentMetrics content, ContentRoom room)
    {
        var text = new StringBuilder(16 * 1024);
        Requests(text, metrics);
        Histograms(text, metrics, "llm_request_duration_seconds", "From arrival to the last byte of the reply.", series => series.Duration);
        Histograms(text, metrics, "llm_time_to_first_token_seconds", "From arrival to the first content of a stream.", series => series.TimeToFirstToken);
        Histograms(text, metrics, "llm_gateway_overhead_seconds", "The part of the duration that the gateway added.", series => series.Overhead);

        Head(text, "llm_errors_total", "counter", "Requests that did not end well, by code.");
        foreach (var ((errorType, provider), counter) in metrics.Errors)
            Line(text, "llm_errors_total", $"error_type=\"{Escape(errorType)}\",provider=\"{Escape(provider)}\"", counter.Value);

        Head(text, "llm_token_estimate_ratio", "gauge", "Input tokens as providers report them to those that the gateway guesses, a moving average; 1 = the guess is right.");
        foreach (var (model, ratio) in estimator.Ratios) Line(text, "llm_token_estimate_ratio", $"model=\"{Escape(model)}\"", ratio);

        Head(text, "llm_config_revision", "gauge", "Revision of the configuration in use.");
        Line(text, "llm_config_revision", "", snapshots.Revision);
        Head(text, "llm_config_reload_failures_total", "counter", "Loads of the configuration that failed.");
        Line(text, "llm_config_reload_failures_total", "", snapshots.ReloadFailures);
        Head(text, "llm_store_up", "gauge", "1 when the store answers.");
        Line(text, "llm_store_up", "store=\"postgres\"", snapshots.StoreUp ? 1 : 0);
        if (ledger.Status is { } redis) Line(text, "llm_store_up", "store=\"redis\"", redis.IsUp ? 1 : 0);
        if (cache.IsUp is { } isCacheUp) Line(text, "llm_store_up", "store=\"cache\"", isCacheUp ? 1 : 0);
        Head(text, "llm_queue_depth", "gauge", "Requests that wait for a limit.");
        Line(text, "llm_queue_depth", "", queue.Depth);
        Budgets(text, ledger);
        Head(text, "llm_circuit_state", "gauge", "Of each deployment: 0 = it is asked for everything, 1 = it recovers or rests, 2 = its circuit is open.");
        foreach (var (deployment, state) in circuits.States()) Line(text, "llm_circuit_state", $"deployment=\"{Escape(deployment)}\"", state);
        Head(text, "llm_hold_exceeded_total", "counter", "Requests that cost more than was held for them under the exact policy.");
        Line(text, "llm_hold_exceeded_total", "", metrics.HoldExceeded.Value);
        Head(text, "llm_pin_mismatch_total", "counter", "Replies that named another version than the pinned one.");
        Line(text, "llm_pin_mismatch_total", "", metrics.PinMismatches.Value);
        Head(text, "llm_request_log_lost_total", "counter", "Lines of the request log that were not written: too many waited, or the disk refused.");
        Line(text, "llm_request_log_lost_total", "reason=\"queue\"", metrics.LogLinesDropped.Value);
        Line(text, "llm_request_log_lost_total", "reason=\"disk\"", metrics.LogLinesFailed.Value);
        Head(text, "llm_hedges_total", "counter", "Second attempts beside slow first ones: begun, answered first, and not begun because the model had used up its share.");
        Line(text, "llm_hedges_total", "result=\"started\"", metrics.Hedges.Started.Value);
        Line(text, "llm_hedges_total", "result=\"won\"", metrics.Hedges.Won.Value);
        Line(text, "llm_hedges_total", "result=\"spared\"", metrics.Hedges.Spared.Value);
        Head(text, "llm_cascade_gate_total", "counter", "Answers that the gate of a cascade looked at: passed, or the check that led on to the next step.");
        foreach (var (verdict, count) in metrics.Gates) Line(text, "llm_cascade_gate_total", $"verdict=\"{verdict}\"", count.Value);
        Guardrails(text, metrics.Guardrails);
        Cache(text, metrics.Cache);
        Content(text, content, room);
        Head(text, "llm_journal_depth", "gauge", "Usage records that are not in Postgres yet.");
        Line(text, "llm_journal_depth", "", journal.Depth);
        Head(text, "llm_journal_oldest_seconds", "gauge", "Age of the oldest record that waits for Postgres.");
        Line(text, "llm_journal_oldest_seconds", "", journal.OldestPendingAge.TotalSeconds);
        Head(text, "llm_journal_rejected_total", "counter", "Records that Postgres refused for their data; they are kept beside the journal.");
        Line(text, "llm_journal_rejected_total", "", journal.RejectedCount);
        Head(text, "dotnet_gc_allocated_bytes_total", "counter", "Bytes allocated by this process since its start.");
        Line(text, "dotnet_gc_allocated_bytes_total", "", GC.GetTotalAllocatedBytes());
        Head(text, "dotnet_gc_heap_size_bytes", "gauge", "Size of the managed heap after its last collection.");
        Line(text, "dotnet_gc_heap_size_bytes", "", GC.GetGCMemoryInfo(GCKind.Any).HeapSizeBytes);
        Head(text, "process_resident_memory_bytes", "gauge", "Memory that this process holds.");
        Line(text, "process_resident_memory_bytes", "", Environment.WorkingSet);
        return text.ToString();
    }

    private static void Guardrails(StringBuilder text, GuardrailMetrics metrics)
    {
        Head(text, "llm_guardrail_blocks_total", "counter", "Requests and replies that a guardrail did not let pass.");
        foreach (var (guardrail, count) in metrics.Blocks) Line(text, "llm_guardrail_blocks_total", $"guardrail=\"{guardrail}\"", count.Value);
        Head(text, "llm_guardrail_findings_total", "counter", "What guardrails found, by what was done with it.");
        foreach (var ((guardrail, action, direction), count) in metrics.Findings)
            Line(text, "llm_guardrail_findings_total", $"guardrail=\"{guardrail}\",action=\"{action}\",direction=\"{direction}\"", count.Value);
        Head(text, "llm_guardrail_failures_total", "counter", "Times that a guardrail could not look to the end; its policy said what became of the request.");
        foreach (var (guardrail, count) in metrics.Failures) Line(text, "llm_guardrail_failures_total", $"guardrail=\"{guardrail}\"", count.Value);
    }

    private static void Cache(StringBuilder text, CacheMetrics metrics)
    {
        Head(text, "llm_cache_hits_total", "counter", "Requests that the cache answered.");
        foreach (var (model, counts) in metrics.Models) Line(text, "llm_cache_hits_total", $"model=\"{Escape(model)}\"", counts.Answers);
        Head(text, "llm_cache_hit_ratio", "gauge", "Share of hits among the requests that the cache was asked for, since this gateway started.");
        foreach (var (model, counts) in metrics.Models) Line(text, "llm_cache_hit_ratio", $"model=\"{Escape(model)}\"", counts.HitRatio);
        Head(text, "llm_cache_lookups_total", "counter", "Requests whose policy lets the cache answer, by what it did; stale = an old reply stood in when nobody was left to ask.");
        foreach (var (model, counts) in metrics.Models)
        {
            Line(text, "llm_cache_lookups_total", $"model=\"{Escape(model)}\",result=\"hit\"", counts.Hits.Value);
            Line(text, "llm_cache_lookups_total", $"model=\"{Escape(model)}\",result=\"semantic\"", counts.SemanticHits.Value);
            Line(text, "llm_cache_lookups_total", $"model=\"{Escape(model)}\",result=\"miss\"", counts.Misses.Value);
            Line(text, "llm_cache_lookups_total", $"model=\"{Escape(model)}\",result=\"bypass\"", counts.Bypasses.Value);
            Line(text, "llm_cache_lookups_total", $"model=\"{Escape(model)}\",result=\"stale\"", counts.Stale.Value);
        }
        Head(text, "llm_cache_saved_usd_total", "counter", "What the answers of the cache would have cost.");
        foreach (var (model, counts) in metrics.Models) Line(text, "llm_cache_saved_usd_total", $"model=\"{Escape(model)}\"", counts.SavedNanoUsd.Value / 1e9);
        Head(text, "llm_cache_shared_total", "counter", "Requests that waited for an equal one and got its reply.");
        Line(text, "llm_cache_shared_total", "", metrics.Shared.Value);
        Head(text, "llm_cache_compared_total", "counter", "Questions that were compared with kept ones.");
        foreach (var (model, counts) in metrics.Models)
            if (counts.Closest.Compared.Value > 0) Line(text, "llm_cache_compared_total", $"model=\"{Escape(model)}\"", counts.Closest.Compared.Value);
        Head(text, "llm_cache_closest_total", "counter", "Of these, those whose closest kept question lay at least so close; asks = same: another threshold would have made it a hit, other: it asks for something else.");
        foreach (var (model, counts) in metrics.Models)
        {
            if (counts.Closest.Compared.Value == 0) continue;
            for (var step = 0; step < ClosestCounts.Steps.Length; step++)
            {
                var labels = string.Create(CultureInfo.InvariantCulture, $"model=\"{Escape(model)}\",at_least=\"{ClosestCounts.Steps[step]:0.00}\",asks=");
                Line(text, "llm_cache_closest_total", labels + "\"same\"", counts.Closest.Of(step, isOther: false));
                Line(text, "llm_cache_closest_total", labels + "\"other\"", counts.Closest.Of(step, isOther: true));
            }
        }
        Prefixes(text, metrics);
        Head(text, "llm_cache_vetoes_total", "counter", "Similar questions that were not taken for the same one, by what spoke against it.");
        foreach (var (reason, count) in metrics.Vetoes) Line(text, "llm_cache_vetoes_total", $"reason=\"{reason}\"", count.Value);
        Head(text, "llm_cache_faults_total", "counter", "What went wrong with the cache; each was a miss or an entry less, never an error.");
        foreach (var (reason, count) in metrics.Faults) Line(text, "llm_cache_faults_total", $"reason=\"{reason}\"", count.Value);
    }

    private static void Content(StringBuilder text, ContentMetrics metrics, ContentRoom room)
    {
        Head(text, "llm_content_records_total", "counter", "Requests whose texts a policy wants kept: kept, lost because too many bytes were held, lost to a fault, given up as their subject was erased, or refused because they could not be kept.");
        Line(text, "llm_content_records_total", "result=\"kept\"", metrics.Kept.Value);
        Line(text, "llm_content_records_total", "result=\"full\"", metrics.Full.Value);
        Line(text, "llm_content_records_total", "result=\"failed\"", metrics.Failed.Value);
        Line(text, "llm_content_records_total", "result=\"erased\"", metrics.Erased.Value);
        Line(text, "llm_content_records_total", "result=\"refused\"", metrics.Refused.Value);
        Head(text, "llm_content_held_bytes", "gauge", "Bytes of texts that this gateway holds until they are written.");
        Line(text, "llm_content_held_bytes", "", room.Held);
    }

    private static void Prefixes(StringBuilder text, CacheMetrics metrics)
    {
        var counts = metrics.Prefixes;
        Head(text, "llm_prefix_lookups_total", "counter", "Prompts whose policy lets providers keep their beginning, by who holds it: new = nobody that is known, kept = whoever is asked first, moved = another one, because the order had a reason.");
        Line(text, "llm_prefix_lookups_total", "result=\"new\"", counts.New.Value);
        Line(text, "llm_prefix_lookups_total", "result=\"kept\"", counts.Kept.Value);
        Line(text, "llm_prefix_lookups_total", "result=\"moved\"", counts.Moved.Value);
        Head(text, "llm_prefix_marks_total", "counter", "Attempts whose prompt could be marked for the provider's cache, by whose marks it carries: gateway, caller, or none because nothing is long enough or was seen before.");
        Line(text, "llm_prefix_marks_total", "by=\"gateway\"", counts.Marked.Value);
        Line(text, "llm_prefix_marks_total", "by=\"caller\"", counts.Callers.Value);
        Line(text, "llm_prefix_marks_total", "by=\"nobody\"", counts.Unmarked.Value);
        Head(text, "llm_prefix_saved_usd_total", "counter", "What requests saved by tokens read from providers' prompt caches, net of what the same requests paid for writing to them; see llm_prefix_premium_usd_total for those that paid more.");
        foreach (var (model, of) in metrics.Models)
            if (of.PrefixSavedNanoUsd.Value > 0) Line(text, "llm_prefix_saved_usd_total", $"model=\"{Escape(model)}\"", of.PrefixSavedNanoUsd.Value / 1e9);
        Head(text, "llm_prefix_premium_usd_total", "counter", "What requests paid for writing to providers' prompt caches above the full price, beyond what they read from them.");
        foreach (var (model, of) in metrics.Models)
            if (of.PrefixPremiumNanoUsd.Value > 0) Line(text, "llm_prefix_premium_usd_total", $"model=\"{Escape(model)}\"", of.PrefixPremiumNanoUsd.Value / 1e9);
    }

    private static void Budgets(StringBuilder text, Ledger ledger)
    {
        Head(text, "llm_budget_held_usd", "gauge", "What the requests that this gateway runs hold against budgets, by organisation.");
        foreach (var tenant in ledger.Tenants.Take(MaxOrganisations))
            Line(text, "llm_budget_held_usd", $"organisation=\"{tenant.Organisation:N}\"", tenant.Holds().Where(hold => hold.State == HoldState.Held).Sum(hold => (double)hold.CostNanoUsd) / 1e9);
        Head(text, "llm_budget_settled_usd", "gauge", "What was settled against the budgets of organisations and teams in their windows, as this gateway last heard.");
        foreach (var ((budget, kind, scope), settled) in ledger.Settled)
            Line(text, "llm_budget_settled_usd", $"budget=\"{budget:N}\",scope_kind=\"{kind}\",scope=\"{Escape(scope)}\"", settled / 1e9);
    }

    private static void Requests(StringBuilder text, GatewayMetrics metrics)
    {
        Head(text, "llm_requests_total", "counter", "Finished requests.");
        foreach (var (labels, series) in metrics.Requests) Line(text, "llm_requests_total", Of(labels), series.Count.Value);
        Head(text, "llm_tokens_total", "counter", "Tokens by direction.");
        foreach (var (labels, series) in metrics.Requests)
        {
            Line(text, "llm_tokens_total", Of(labels) + ",direction=\"input\"", series.InputTokens.Value);
            Line(text, "llm_tokens_total", Of(labels) + ",direction=\"output\"", series.OutputTokens.Value);
        }
        Head(text, "llm_cost_usd_total", "counter", "Cost in USD.");
        foreach (var (labels, series) in metrics.Requests) Line(text, "llm_cost_usd_total", Of(labels), series.CostNanoUsd.Value / 1e9);
    }

    private static void Histograms(StringBuilder text, GatewayMetrics metrics, string name, string help, Func<RequestSeries, Histogram> select)
    {
        Head(text, name, "histogram", help);
        foreach (var (labels, series) in metrics.Requests)
        {
            var histogram = select(series);
            var of = Of(labels);
            long count = 0;
            for (var i = 0; i < Histogram.Bounds.Length; i++)
            {
                count += histogram.CountAt(i);
                Line(text, name + "_bucket", of + ",le=\"" + Histogram.Bounds[i].ToString(CultureInfo.InvariantCulture) + "\"", count);
            }
            count += histogram.CountAt(Histogram.Bounds.Length);
            Line(text, name + "_bucket", of + ",le=\"+Inf\"", count);
            Line(text, name + "_sum", of, histogram.SumSeconds);
            Line(text, name + "_count", of, count);
        }
    }

    private static void Head(StringBuilder text, string name, string type, string help) =>
        text.Append("# HELP ").Append(name).Append(' ').Append(help).Append("\n# TYPE ").Append(name).Append(' ').Append(type).Append('\n');

    private static void Line(StringBuilder text, string name, string labels, double value)
    {
        text.Append(name);
        if (labels.Length > 0) text.Append('{').Append(labels).Append('}');
        text.Append(' ').Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
    }

    private static string Of(in RequestLabels labels) =>
        $"model=\"{Escape(labels.Model)}\",provider=\"{Escape(labels.Provider)}\",deployment=\"{Escape(labels.Deployment)}\",status=\"{labels.Status}\",team=\"{Escape(labels.Team)}\"";

    private static string Escape(string value) => value.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n");
}
