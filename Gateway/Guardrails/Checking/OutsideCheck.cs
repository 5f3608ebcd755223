using AspireGateway.Gateway.Guardrails.Detection;
using AspireGateway.Gateway.Guardrails.External;
using AspireGateway.Gateway.Guardrails.Policies;
using AspireGateway.Gateway.Guardrails.PromptLimits.Languages;
using AspireGateway.Gateway.Guardrails.Screening;
using AspireGateway.Gateway.Routing.Residency;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Shared.Checks;
using AspireGateway.Shared.Domain.Guardrails;

namespace AspireGateway.Gateway.Guardrails.Checking;

/// <summary>Asks the checks outside of the gateway about a text that the guardrails in it have looked at, as they are asked about a request: they see what was left of it, or nothing.</summary>
internal sealed class OutsideCheck(CheckCaller caller)
{
    /// <summary>Type of what nobody could look at and may therefore not leave.</summary>
    public const string Silent = "CHECK_UNAVAILABLE";

    private const string DefaultLanguage = "en";

    /// <summary>Asks them.</summary>
    /// <param name="inside">What the guardrails in the gateway said.</param>
    /// <param name="who">Whose text it is.</param>
    /// <param name="rules">What the key's policies say.</param>
    /// <param name="names">Whose opinion is wanted; null = those of the policies.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>What all of them say together.</returns>
    public async Task<TextCheck> AskAsync(TextCheck inside, Caller who, ActiveRule[] rules, string[]? names, CancellationToken cancellationToken)
    {
        if (inside.Masked is not { Text.Length: > 0 } left || names?.Contains(GuardrailNames.ExternalChecks, StringComparer.Ordinal) == false) return inside;
        if (Array.Find(rules, rule => rule.Guardrail is ExternalChecksGuardrail) is not { } rule) return inside;
        var checks = Array.FindAll(rule.Checks, check => check.AppliesTo(isReply: false) && !check.ReadsMedia);
        if (checks.Length == 0) return inside;
        var question = new CheckQuestion(
            $"req_{Guid.CreateVersion7():N}", left.Text, IsReply: false, who.Organisation.Id.ToString(), who.Team.IdText, who.Key.Id.ToString(), LanguageDetector.Detect(left.Text).Language ?? DefaultLanguage);
        // What must stay in a region does not leave it to be looked at.
        var answers = await Task.WhenAll(checks.Select(check => RegionFilter.MayGoTo(who, null, check.Regions) ? caller.AskAsync(check, question, cancellationToken) : Task.FromResult<CheckAnswer?>(null)));
        return Join(inside, left, rule, rules, checks, answers);
    }

    private static TextCheck Join(TextCheck inside, MaskedText left, ActiveRule rule, ActiveRule[] rules, ExternalCheck[] checks, CheckAnswer?[] answers)
    {
        var (all, stretches, action) = (new List<Finding>(inside.Findings), new Stretches(), inside.Action);
        for (var i = 0; i < checks.Length; i++)
        {
            if (answers[i] is not { } answer)
            {
                if (checks[i].FailsOpen) continue;
                all.Add(left.Original(new(Silent, 0, left.Text.Length, 1)));
                action = GuardrailActions.Block;
                continue;
            }
            var (found, does, personal) = ExternalScreen.Decide(rule, rules, checks[i], answer, isReply: false);
            if (found.Length == 0) continue;
            all.AddRange(found.Select(left.Original));
            action = TextCheck.Stricter(action, does);
            if (does != GuardrailActions.Mask) continue;
            foreach (var finding in found) stretches.Add(finding, (personal ?? rule).Restores);
        }
        all.Sort(static (a, b) => a.Start.CompareTo(b.Start));
        return new(action, all, TextCheck.Lets(action) ? MaskedText.Of(left.Text, stretches, left.Placeholders) : null);
    }
}
