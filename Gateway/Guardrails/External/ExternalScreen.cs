using AspireGateway.Gateway.Guardrails.Detection;
using AspireGateway.Gateway.Guardrails.Masking;
using AspireGateway.Gateway.Guardrails.Policies;
using AspireGateway.Gateway.Guardrails.PromptLimits.Languages;
using AspireGateway.Gateway.Guardrails.Prompts;
using AspireGateway.Gateway.Guardrails.Screening;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Routing.Residency;
using AspireGateway.Gateway.Telemetry;
using AspireGateway.Shared.Checks;
using AspireGateway.Shared.Domain.Guardrails;

namespace AspireGateway.Gateway.Guardrails.External;

/// <summary>Shows the texts of a body, as the other guardrails left them, to the checks outside of the gateway, all at the same time, and says what is to become of them.</summary>
internal sealed class ExternalScreen(CheckCaller caller, GatewayMetrics metrics)
{
    // What a recogniser itself thinks little of; at "strict" more counts.
    private const double StandardScore = 0.5, StrictScore = 0.35;

    private const string DefaultLanguage = "en";

    /// <summary>The rule by which checks look at this side of a request; null = none does.</summary>
    public static ActiveRule? RuleOf(Screened? screened, bool isReply)
    {
        if (screened is null) return null;
        foreach (var rule in screened.Rules)
            if (rule.Checks.Length > 0 && (isReply ? rule.ReplyAction : rule.PromptAction) is not null && Array.Exists(rule.Checks, check => check.AppliesTo(isReply))) return rule;
        return null;
    }

    /// <summary>Asks all checks of a rule.</summary>
    /// <param name="exchange">The request.</param>
    /// <param name="rule">Of <see cref="RuleOf"/>.</param>
    /// <param name="texts">The texts; not changed.</param>
    /// <param name="isReply">Whether they are a reply.</param>
    /// <param name="replacements">Takes what is to be masked, by place.</param>
    /// <returns>Why nothing may pass; null = it may.</returns>
    public Task<ScreenVerdict?> LookAsync(Exchange exchange, ActiveRule rule, BodyTexts texts, bool isReply, List<Replacement> replacements) =>
        LookAsync(exchange, rule, ScreenedTexts.Of(texts), isReply, replacements);

    /// <summary>Asks all checks of a rule about what a stream has said. Nothing can be taken out of it any more: where something shall be masked, nothing may pass.</summary>
    public Task<ScreenVerdict?> LookAtStreamAsync(Exchange exchange, ActiveRule rule, string said) => LookAsync(exchange, rule, ScreenedTexts.Of(said), isReply: true, null);

    private async Task<ScreenVerdict?> LookAsync(Exchange exchange, ActiveRule rule, ScreenedTexts sent, bool isReply, List<Replacement>? replacements)
    {
        var screened = exchange.Screened!;
        if (sent.Text.Length == 0) return null;
        var checks = Array.FindAll(rule.Checks, check => check.AppliesTo(isReply) && !check.ReadsMedia);
        if (checks.Length == 0) return null;
        var answers = await AskAsync(exchange, checks, sent.Text, isReply);
        var stretches = new Stretches();
        for (var i = 0; i < checks.Length; i++)
        {
            if (answers[i] is not { } answer)
            {
                metrics.Guardrails.Failed(rule.Guardrail.Name);
                if (checks[i].FailsOpen) continue;
                return new(rule, [], HasFailed: true);
            }
            if (Judge(rule, screened, checks[i], answer, isReply, replacements is not null, stretches) is { } verdict) return verdict;
        }
        if (stretches.IsEmpty || replacements is null) return null;
        foreach (var (finding, restores) in stretches.Merged())
        {
            var (start, length) = sent.PlaceOf(finding.Start, finding.Length);
            if (length <= 0) continue;
            replacements.Add(new(start, length, isReply ? Replies.Redaction.Of(finding.Type) : screened.Placeholders.Of(finding.Type, sent.Text.AsSpan(finding.Start, finding.Length), restores, sent.Text)));
        }
        return null;
    }

    private async Task<CheckAnswer?[]> AskAsync(Exchange exchange, ExternalCheck[] checks, string text, bool isReply)
    {
        var (who, facts) = (exchange.Caller!, exchange.Request);
        var question = new CheckQuestion(
            exchange.RequestId, text, isReply, who.Organisation.Id.ToString(), who.Team.IdText, facts?.KeyId ?? who.Key.Id.ToString(), LanguageDetector.Detect(text).Language ?? DefaultLanguage);
        var asked = new Task<CheckAnswer?>[checks.Length];
        for (var i = 0; i < checks.Length; i++)
        {
            // What must stay in a region does not leave it to be looked at.
            asked[i] = RegionFilter.MayGoTo(who, facts, checks[i].Regions) ? caller.AskAsync(checks[i], question, exchange.Http.RequestAborted) : Task.FromResult<CheckAnswer?>(null);
        }
        return await Task.WhenAll(asked);
    }

    private ScreenVerdict? Judge(ActiveRule rule, Screened screened, ExternalCheck check, CheckAnswer answer, bool isReply, bool canMask, Stretches stretches)
    {
        var (findings, action, personal) = Decide(rule, screened.Rules, check, answer, isReply);
        if (findings.Length == 0) return null;
        if (action == GuardrailActions.Mask && !canMask) action = GuardrailActions.Block;
        foreach (var finding in findings) screened.Tally.Add(rule.Guardrail.Name, isReply, action, finding.Type);
        metrics.Guardrails.Found(rule.Guardrail.Name, action, isReply, findings.Length);
        if (action == GuardrailActions.Block) return new(rule, [.. findings.Select(finding => finding.Type)], HasFailed: false);
        if (action == GuardrailActions.Mask)
            foreach (var finding in findings) stretches.Add(finding, (personal ?? rule).Restores && !isReply);
        return null;
    }

    /// <summary>What an answer comes to under the policies.</summary>
    /// <param name="rule">The rule that names the check.</param>
    /// <param name="rules">All rules of the request.</param>
    /// <param name="check">Who answered.</param>
    /// <param name="answer">What it said.</param>
    /// <param name="isReply">Whether of a reply.</param>
    /// <returns>What counts of its findings, what becomes of the text, and the rule of personal data where the check is a recogniser.</returns>
    public static (Finding[] Findings, string Action, ActiveRule? Personal) Decide(ActiveRule rule, ActiveRule[] rules, ExternalCheck check, CheckAnswer answer, bool isReply)
    {
        var isRecogniser = check.Kind == GuardrailCheckKinds.Presidio;
        var personal = isRecogniser ? Array.Find(rules, other => other.Guardrail.Name == GuardrailNames.PersonalData) : null;
        var found = Array.FindAll(answer.Findings, finding => !rule.ExceptTypes.Contains(finding.Type) && personal?.ExceptTypes.Contains(finding.Type) != true
            && (!isRecogniser || finding.Score >= (rule.IsStrict ? StrictScore : StandardScore)));
        return (Array.ConvertAll(found, finding => new Finding(finding.Type, finding.Start, finding.Length, finding.Score)), ActionOf(rule, personal, isRecogniser, answer, isReply), personal);
    }

    private static string ActionOf(ActiveRule rule, ActiveRule? personal, bool isRecogniser, CheckAnswer answer, bool isReply)
    {
        var ofRule = (isReply ? rule.ReplyAction : rule.PromptAction)!;
        if (ofRule == GuardrailActions.Flag) return GuardrailActions.Flag;
        // What a recogniser finds is personal data, whoever found it.
        if (isRecogniser) return (isReply ? personal?.ReplyAction : personal?.PromptAction) ?? GuardrailActions.Mask;
        var action = answer.Action ?? ofRule;
        return action == GuardrailActions.Mask && !answer.HasPlaces ? GuardrailActions.Block : action;
    }
}
