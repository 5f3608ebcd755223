using AspireGateway.Gateway.Guardrails.Detection;
using AspireGateway.Gateway.Guardrails.Masking;
using AspireGateway.Gateway.Guardrails.Policies;
using AspireGateway.Gateway.Guardrails.Screening;
using AspireGateway.Shared.Domain.Guardrails;

namespace AspireGateway.Gateway.Guardrails.Checking;

/// <summary>Looks at one text and says what a request with it would meet. Everything is told, also what stands behind what would have been refused first.</summary>
/// <param name="Action">The strictest of what was found; <c>allow</c> = nothing was.</param>
/// <param name="Findings">What was found, by place. Places are UTF-16 units of the text.</param>
/// <param name="Masked">The text as it would leave; null = it would not.</param>
internal sealed record TextCheck(string Action, IReadOnlyList<Finding> Findings, MaskedText? Masked)
{
    /// <summary>Nothing was found.</summary>
    public const string Allow = "allow";

    // Where nothing is set for a guardrail that is asked for by name.
    private static readonly GuardrailRule Usual = new() { Level = GuardrailLevels.Standard };

    /// <summary>Looks.</summary>
    /// <param name="text">The text.</param>
    /// <param name="rules">What the key's policies say.</param>
    /// <param name="names">Whose opinion is wanted; null = those of the policies.</param>
    public static TextCheck Of(string text, ActiveRule[] rules, string[]? names)
    {
        var asked = names is null ? rules
            : [.. GuardrailModules.All.Where(guardrail => names.Contains(guardrail.Name)).Select(guardrail => Array.Find(rules, rule => rule.Guardrail == guardrail) ?? ActiveRule.Of(guardrail, Usual)!)];
        var (all, stretches, action) = (new List<Finding>(), new Stretches(), Allow);
        foreach (var rule in asked)
        {
            var found = new FindingList();
            rule.Guardrail.Look(text, TextSource.User, rule, found);
            foreach (var finding in found.All)
            {
                if (rule.ExceptTypes.Contains(finding.Type)) continue;
                all.Add(finding);
                action = Stricter(action, rule.PromptAction);
                if (rule.PromptAction == GuardrailActions.Mask && rule.Guardrail.FindsStretches) stretches.Add(finding, restores: false);
            }
        }
        all.Sort(static (a, b) => a.Start.CompareTo(b.Start));
        return new(action, all, Lets(action) ? MaskedText.Of(text, stretches, new Placeholders()) : null);
    }

    /// <summary>Whether a text leaves that meets an action.</summary>
    public static bool Lets(string action) => action is not (GuardrailActions.Block or GuardrailActions.Quarantine);

    /// <summary>The stricter of two actions.</summary>
    public static string Stricter(string one, string other) => Rank(other) > Rank(one) ? other : one;

    private static int Rank(string action)
    {
        for (var i = 0; i < GuardrailActions.All.Count; i++)
            if (GuardrailActions.All[i] == action) return i;
        return -1;
    }
}
