using AspireGateway.Gateway.Guardrails.External;
using AspireGateway.Gateway.Guardrails.Masking;
using AspireGateway.Gateway.Guardrails.Media;
using AspireGateway.Gateway.Guardrails.Policies;
using AspireGateway.Gateway.Guardrails.PromptLeak;
using AspireGateway.Gateway.Guardrails.Prompts;
using AspireGateway.Gateway.Guardrails.Quarantine;
using AspireGateway.Gateway.Guardrails.Screening;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Ingress.Multipart;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Telemetry;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Guardrails;

/// <summary>May it leave? Shows every text of the request to the guardrails that its policies name; refuses it, keeps it for a reviewer, sends it to another model, or masks what must not leave.</summary>
internal sealed class ScreenPrompt(GatewayMetrics metrics, Rerouting rerouting, QuarantineGate quarantine, ExternalScreen external, MediaTexts mediaTexts, IOptions<IngressOptions> options, TimeProvider time) : IDecide
{
    private readonly int maxDepth = options.Value.MaxJsonDepth;

    /// <inheritdoc />
    public ValueTask<Decision> DecideAsync(Exchange exchange)
    {
        var (kept, rerouted) = ((KeptRequest?)null, (ScreenVerdict?)null);
        // A floor of the team or the key needs no policy.
        if (exchange.Caller is { Organisation.Guardrails.IsEmpty: false } or { GuardrailFloor: not null })
        {
            var rules = RulesOf(exchange);
            if (rules.Length > 0 && Screen(exchange, rules, out kept, out rerouted) is { } refusal) return Decision.Refuse(refusal);
            if (exchange.Checks is not null) exchange.Screened ??= new Screened(rules);
        }
        if (exchange.Request!.GatewayRange.End.Value > 0) TakeGatewayField(exchange);
        // What the provider sees is what it could repeat.
        if (exchange is { Checks.Leak: { } leak, Screened: { } screened } && PromptLeakCheck.RuleOf(exchange.Request, leak) is { } rule) screened.Add(rule);
        var outside = ExternalScreen.RuleOf(exchange.Screened, isReply: false);
        return kept is null && rerouted is null && outside is null ? Decision.Continue : FinishAsync(exchange, kept, rerouted, outside);
    }

    private static ActiveRule[] RulesOf(Exchange exchange)
    {
        var caller = exchange.Caller!;
        return caller.Organisation.Guardrails.For(caller.Team.IdText, exchange.Request!.KeyId ?? caller.Key.Id.ToString(), exchange.Plan?.Model.Name ?? exchange.Request.Model ?? "", caller.GuardrailFloor);
    }

    private Refusal? Screen(Exchange exchange, ActiveRule[] rules, out KeptRequest? kept, out ScreenVerdict? rerouted)
    {
        (kept, rerouted) = (null, null);
        var facts = exchange.Request!;
        using var scratch = ScreenScratch.Take();
        var texts = scratch.Texts;
        exchange.Screened = new Screened(rules);
        if (!TryAddForm(exchange, texts) && RequestBody.IsJson(facts.Body.Span) && !BodyTextReader.TryRead(facts.Body.Span, maxDepth, texts))
            return Refusal.InvalidRequest("The body holds a text that is not valid Unicode, so no guardrail can look at it. Send one JSON object, UTF-8.");
        if (Array.Exists(rules, static rule => rule.Guardrail is IMediaGuardrail)) RequestMedia.Read(exchange, maxDepth, scratch.Media);
        if (Look(exchange, scratch) is { } refusal) return refusal;
        if (scratch.Reroute is { } reroute)
        {
            if (Rerouting.Plan(exchange, reroute, out var isElsewhere) is { } stuck) return Count(reroute, stuck);
            if (isElsewhere) rerouted = reroute;
            // A model's own policy protects where the texts go: of the model that they go to now.
            if (isElsewhere && RulesOf(exchange) is var others && !ReferenceEquals(others, rules))
            {
                scratch.Forget();
                if (Array.Exists(others, static rule => rule.Guardrail is IMediaGuardrail)) RequestMedia.Read(exchange, maxDepth, scratch.Media);
                exchange.Screened = new Screened(others);
                if (Look(exchange, scratch) is { } stricter) return stricter;
                if (scratch.Reroute is { } further && further.Rule.RestrictedModel != exchange.Plan!.Model.Name) return Count(further, RefusalOf(further));
            }
        }
        if (scratch.Quarantines.Count > 0) kept = quarantine.Copy(exchange, scratch.Quarantines);
        var strips = scratch.Media.Strips > 0;
        if (scratch.Replacements.Count > 0) Mask(exchange, texts, scratch.Replacements);
        if (strips) Strip(exchange, scratch.Media);
        return null;
    }

    private Refusal? Look(Exchange exchange, ScreenScratch scratch) =>
        new TextScreen(time, metrics.Guardrails).Look(scratch, exchange.Screened!, isReply: false) is { } verdict ? Count(verdict, RefusalOf(verdict)) : null;

    // A ticket is used up behind what the gateway itself decides: a request that has no room for itself keeps it. Checks outside see nothing that waits for a reviewer.
    private async ValueTask<Decision> FinishAsync(Exchange exchange, KeptRequest? kept, ScreenVerdict? rerouted, ActiveRule? outside)
    {
        if (rerouted is not null && await rerouting.AdmitAsync(exchange, rerouted) is { Refusal: not null } refused) return refused;
        if (kept is not null && await quarantine.DecideAsync(exchange, kept) is { } refusal)
        {
            metrics.Guardrails.Blocked(kept.Guardrails[0]);
            return refusal;
        }
        return outside is not null && await AskOutsideAsync(exchange, outside) is { } verdict ? Count(verdict, RefusalOf(verdict)) : Decision.Continue;
    }

    // The body as the other guardrails left it, so that nobody outside sees what they mask.
    private async ValueTask<ScreenVerdict?> AskOutsideAsync(Exchange exchange, ActiveRule rule)
    {
        using var texts = new BodyTexts();
        var body = exchange.Request!.Body;
        if (!TryAddForm(exchange, texts) && RequestBody.IsJson(body.Span)) BodyTextReader.TryRead(body.Span, maxDepth, texts);
        var replacements = new List<Replacement>();
        // At the same time; what is found is counted one after the other.
        var reading = MediaTexts.HasReaders(rule) ? ReadMediaAsync(exchange, rule) : null;
        try
        {
            if (await external.LookAsync(exchange, rule, texts, isReply: false, replacements) is { } verdict) return verdict;
            if (reading is not null && mediaTexts.Judge(exchange, rule, await reading) is { } unreadable) return unreadable;
        }
        finally
        {
            if (reading is not null) await ((Task)reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        if (replacements.Count > 0) Mask(exchange, texts, replacements);
        return null;
    }

    private Task<IReadOnlyList<MediaText>> ReadMediaAsync(Exchange exchange, ActiveRule rule)
    {
        var media = new BodyMedia();
        RequestMedia.Read(exchange, maxDepth, media);
        return mediaTexts.ReadAsync(exchange, rule, media);
    }

    private Refusal Count(ScreenVerdict verdict, Refusal refusal)
    {
        metrics.Guardrails.Blocked(verdict.Rule.Guardrail.Name);
        return refusal;
    }

    // Files of a form are no texts; its other fields are.
    private static bool TryAddForm(Exchange exchange, BodyTexts texts)
    {
        var facts = exchange.Request!;
        if (RequestBody.FormOf(exchange) is not { } form) return false;
        foreach (var part in form.Parts)
            if (!part.IsFile && part.Name != "model") texts.AddPlain(facts.Body.Span, part.Value);
        return true;
    }

    private void Mask(Exchange exchange, BodyTexts texts, List<Replacement> replacements)
    {
        var facts = exchange.Request!;
        using var masked = new PooledBufferWriter(facts.Body.Length + 256);
        BodyMask.Write(facts.Body.Span, texts, replacements, masked);
        facts.ReplaceBody(masked.Written.Span);
        ReadAgain(exchange);
    }

    // Behind the masks of texts, which have moved what stands after them.
    private void Strip(Exchange exchange, BodyMedia media)
    {
        var facts = exchange.Request!;
        RequestMedia.Read(exchange, maxDepth, media);
        using var stripped = new PooledBufferWriter(facts.Body.Length + 256);
        MediaStrip.Write(media, stripped);
        facts.ReplaceBody(stripped.Written.Span);
        media.Clear();
        ReadAgain(exchange);
    }

    private void TakeGatewayField(Exchange exchange)
    {
        GatewayField.Take(exchange.Request!);
        ReadAgain(exchange);
    }

    // Places of fields have moved; what they say has not.
    private void ReadAgain(Exchange exchange)
    {
        var facts = exchange.Request!;
        var unread = exchange.Operation.BodyForm switch
        {
            BodyForm.Json => RequestFactsReader.Read(facts, exchange.Operation, maxDepth),
            BodyForm.Form => FormFacts.Read(facts, exchange.Http.Request.ContentType!),
            _ => null,
        };
        if (unread is not null) throw new InvalidOperationException("A changed body cannot be read.");
    }

    private static Refusal RefusalOf(ScreenVerdict verdict)
    {
        var name = verdict.Rule.Guardrail.Name;
        return Refusal.GuardrailBlocked(verdict.HasFailed
            ? $"Guardrail '{name}' could not look at this request to its end, and its policy lets nothing pass unseen. Send less text, or ask your administrator to look at the gateway's metrics."
            : $"Guardrail '{name}' does not let this request leave: it holds {verdict.Found}. Take that out, or ask your administrator to change the policy.");
    }
}
