using AspireGateway.Gateway.Guardrails.External;
using AspireGateway.Gateway.Guardrails.Masking;
using AspireGateway.Gateway.Guardrails.Policies;
using AspireGateway.Gateway.Guardrails.Prompts;
using AspireGateway.Gateway.Guardrails.Screening;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Ingress.Multipart;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Telemetry;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Guardrails;

/// <summary>May it leave? Shows every text of the request to the guardrails that its policies name; refuses it, or masks what must not leave.</summary>
internal sealed class ScreenPrompt(GatewayMetrics metrics, ExternalScreen external, IOptions<IngressOptions> options, TimeProvider time) : IDecide
{
    private readonly int maxDepth = options.Value.MaxJsonDepth;

    /// <inheritdoc />
    public ValueTask<Decision> DecideAsync(Exchange exchange)
    {
        var caller = exchange.Caller!;
        var policies = caller.Organisation.Guardrails;
        if (policies.IsEmpty) return Decision.Continue;
        var model = exchange.Plan?.Model.Name ?? exchange.Request?.Model ?? "";
        var rules = policies.For(caller.Team.IdText, exchange.Request!.KeyId ?? caller.Key.Id.ToString(), model);
        if (rules.Length == 0) return Decision.Continue;
        var screened = new Screened(rules);
        var decision = Screen(exchange, screened);
        return decision.Refusal is not null || ExternalScreen.RuleOf(screened, isReply: false) is not { } rule ? decision : AskOutsideAsync(exchange, rule);
    }

    // The body as the other guardrails left it, so that nobody outside sees what they mask.
    private async ValueTask<Decision> AskOutsideAsync(Exchange exchange, ActiveRule rule)
    {
        using var texts = new BodyTexts();
        var body = exchange.Request!.Body;
        if (!TryAddForm(exchange, texts) && IsJson(body.Span)) BodyTextReader.TryRead(body.Span, maxDepth, texts);
        var replacements = new List<Replacement>();
        if (await external.LookAsync(exchange, rule, texts, isReply: false, replacements) is { } verdict)
        {
            metrics.Guardrails.Blocked(verdict.Rule.Guardrail.Name);
            return RefusalOf(verdict);
        }
        if (replacements.Count > 0) Mask(exchange, texts, replacements);
        return Decision.Continue;
    }

    private Decision Screen(Exchange exchange, Screened screened)
    {
        exchange.Screened = screened;
        var facts = exchange.Request!;
        using var scratch = ScreenScratch.Take();
        var texts = scratch.Texts;
        if (!TryAddForm(exchange, texts) && IsJson(facts.Body.Span) && !BodyTextReader.TryRead(facts.Body.Span, maxDepth, texts))
            return Refusal.InvalidRequest("The body holds a text that is not valid Unicode, so no guardrail can look at it. Send one JSON object, UTF-8.");
        if (new TextScreen(time, metrics.Guardrails).Look(scratch, screened, isReply: false) is { } verdict)
        {
            metrics.Guardrails.Blocked(verdict.Rule.Guardrail.Name);
            return RefusalOf(verdict);
        }
        if (scratch.Replacements.Count > 0) Mask(exchange, texts, scratch.Replacements);
        return Decision.Continue;
    }

    // Files of a form are no texts; its other fields are.
    private static bool TryAddForm(Exchange exchange, BodyTexts texts)
    {
        var facts = exchange.Request!;
        var form = facts.Form;
        if (form is null && exchange.Http.Request.ContentType?.StartsWith("multipart/form-data", StringComparison.OrdinalIgnoreCase) == true)
            FormReader.Read(facts.Body.Span, exchange.Http.Request.ContentType, out form);
        if (form is null) return false;
        foreach (var part in form.Parts)
            if (!part.IsFile && part.Name != "model") texts.AddPlain(facts.Body.Span, part.Value);
        return true;
    }

    // Where a body may be anything, what begins otherwise is a file.
    private static bool IsJson(ReadOnlySpan<byte> body) => body.TrimStart(" \t\r\n"u8) is [(byte)'{' or (byte)'[' or (byte)'"', ..];

    private void Mask(Exchange exchange, BodyTexts texts, List<Replacement> replacements)
    {
        var facts = exchange.Request!;
        using var masked = new PooledBufferWriter(facts.Body.Length + 256);
        BodyMask.Write(facts.Body.Span, texts, replacements, masked);
        facts.ReplaceBody(masked.Written.Span);
        // Places of fields have moved; what they say has not.
        var unread = exchange.Operation.BodyForm switch
        {
            BodyForm.Json => RequestFactsReader.Read(facts, exchange.Operation, maxDepth),
            BodyForm.Form => FormFacts.Read(facts, exchange.Http.Request.ContentType!),
            _ => null,
        };
        if (unread is not null) throw new InvalidOperationException("A masked body cannot be read.");
    }

    private static Refusal RefusalOf(ScreenVerdict verdict)
    {
        var name = verdict.Rule.Guardrail.Name;
        return Refusal.GuardrailBlocked(verdict.HasFailed
            ? $"Guardrail '{name}' could not look at this request to its end, and its policy lets nothing pass unseen. Send less text, or ask your administrator to look at the gateway's metrics."
            : $"Guardrail '{name}' does not let this request leave: it holds {verdict.Found}. Take that out, or ask your administrator to change the policy.");
    }
}
