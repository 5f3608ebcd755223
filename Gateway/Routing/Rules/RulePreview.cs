using System.Text.Json;
using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Routing.Rules;

/// <summary>The part of a route's preview that says what the rules made of the request.</summary>
internal static class RulePreview
{
    /// <summary>Writes task, complexity and each rule with whether it holds, and what keeps it from that.</summary>
    public static void Write(Exchange exchange, RouteRules rules, Utf8JsonWriter json)
    {
        var explained = rules.Explain(exchange);
        if (exchange.Task is { } task)
        {
            json.WriteString("task"u8, task.Label);
            json.WriteNumber("task_confidence"u8, Math.Round(task.Confidence, 3));
            json.WriteString("task_source"u8, task.Source);
            json.WriteString("complexity"u8, task.Complexity);
        }
        json.WriteStartArray("rules"u8);
        var isDecided = false;
        foreach (var (rule, failing) in explained)
        {
            json.WriteStartObject();
            json.WriteString("name"u8, rule.Name);
            json.WriteBoolean("matched"u8, failing is null);
            // Those behind the first that holds are told too, but decide nothing.
            json.WriteBoolean("decides"u8, failing is null && !isDecided);
            json.WriteString("failed"u8, failing);
            json.WriteEndObject();
            isDecided |= failing is null;
        }
        json.WriteEndArray();
    }
}
