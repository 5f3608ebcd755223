using System.Text;
using System.Text.Json;
using AspireGateway.Gateway.Guardrails.Policies;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Shared.Schemas;

namespace AspireGateway.Gateway.Guardrails.ReplyFormat;

/// <summary>The form that the reply to one request must have.</summary>
internal sealed class FormatPromise
{
    // As many as one can act on.
    private const int MostMismatches = 8;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    private readonly JsonSchema? asked;
    private readonly bool needsObject;

    private FormatPromise(ActiveCheck rule, JsonSchema? asked, bool needsObject, string schemaText)
    {
        (Rule, this.asked, this.needsObject) = (rule, asked, needsObject);
        SchemaText = schemaText;
    }

    /// <summary>Whose it is.</summary>
    public ActiveCheck Rule { get; }

    /// <summary>The schema that a model is told which shall repair its reply; empty = any JSON object.</summary>
    public string SchemaText { get; }

    /// <summary>The promise of a rule and a request.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="format">What the request asks for; null = text.</param>
    /// <param name="promise">The promise; null = there is none.</param>
    /// <returns>Why nobody could check it; null = somebody can, or need not.</returns>
    public static Refusal? Of(ActiveCheck rule, ResponseFormat? format, out FormatPromise? promise)
    {
        promise = null;
        if (format is null && rule.Schema is null) return null;
        JsonSchema? schema = null;
        if (format is { Schema.IsPresent: true })
        {
            try
            {
                using var document = JsonDocument.Parse(format.Schema.Bytes);
                schema = JsonSchema.Read(document.RootElement);
            }
            catch (SchemaFaultException fault) when (!rule.FailsOpen)
            {
                return Refusal.InvalidRequest(
                    $"Guardrail '{rule.Check.Name}' checks replies against the schema that the request asks for, and cannot read it: {fault.Message} Change the schema, or have the guardrail's rule let pass what it cannot check (on_error: open).",
                    "response_format");
            }
            catch (SchemaFaultException)
            {
                // Its fail policy is open: JSON is all that is asked for.
            }
        }
        promise = new(rule, schema, format is { Schema.IsPresent: false }, format is { Schema.IsPresent: true } ? Encoding.UTF8.GetString(format.Schema.Bytes.Span) : rule.Rule.Schema ?? "");
        return null;
    }

    /// <summary>How a whole reply misses it; null = it does not. Who calls tools or refuses to answer has not answered in any form.</summary>
    public FormatFinding? Find(ChatReply reply)
    {
        FormatFinding? worst = null;
        foreach (var choice in reply.Choices)
        {
            if (choice.FinishReason == FinishReason.Refusal || choice.Parts.Exists(static part => part.Kind is PartKind.ToolCall or PartKind.Refusal)) continue;
            var finding = Find(Routing.Cascades.QualityGate.TextOf(choice));
            if (finding is not null && (worst is null || worst.Type == FormatFinding.FencedJson)) worst = finding;
        }
        return worst;
    }

    /// <summary>How a text misses it; null = it does not.</summary>
    public FormatFinding? Find(string text)
    {
        if (FindBare(text) is not { } bare) return null;
        if (bare.Type != FormatFinding.NotJson || !CodeFence.TryUnwrap(text, out var inside)) return bare;
        var inner = FindBare(text[inside]);
        return inner is null ? new(FormatFinding.FencedJson, []) : inner.Type == FormatFinding.NotJson ? bare : inner;
    }

    private FormatFinding? FindBare(string text)
    {
        try
        {
            using var answer = JsonDocument.Parse(text, Strict);
            var root = answer.RootElement;
            if (needsObject && root.ValueKind != JsonValueKind.Object) return new(FormatFinding.SchemaMismatch, [new("", "type")]);
            IReadOnlyList<SchemaMismatch> amiss = [.. asked?.Mismatches(root, MostMismatches) ?? [], .. Rule.Schema?.Mismatches(root, MostMismatches) ?? []];
            return amiss.Count == 0 ? null : new(FormatFinding.SchemaMismatch, amiss.Count > MostMismatches ? [.. amiss.Take(MostMismatches)] : amiss);
        }
        catch (JsonException)
        {
            return new(FormatFinding.NotJson, []);
        }
    }
}
