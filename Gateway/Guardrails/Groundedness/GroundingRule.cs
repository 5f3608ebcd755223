using AspireGateway.Gateway.Guardrails.Policies;
using AspireGateway.Shared.Domain.Guardrails;
using AspireGateway.Shared.Domain.Routing;

namespace AspireGateway.Gateway.Guardrails.Groundedness;

/// <summary>What the context of one request must support.</summary>
/// <param name="Rule">Whose it is.</param>
/// <param name="Judge">The model that is asked; null = none is.</param>
internal sealed record GroundingRule(ActiveCheck Rule, CascadeJudge? Judge)
{
    /// <summary>Most bytes of context that a judge is shown, in JSON.</summary>
    public const int MostJudged = 24 * 1024;

    /// <summary>What a judge goes by.</summary>
    public const string Rubric =
        "The score is the share of the answer's factual statements that the context given as the conversation supports. Count a statement as supported only if the context says it; "
        + "what is true but not in the context is not supported. Numbers, names, dates and negations must be the same. An answer without factual statements has score 1.";

    /// <summary>The least share that must be supported.</summary>
    public double MinShare => Rule.Rule.MinShare ?? GuardrailRule.DefaultMinShare;

    /// <summary>How long the judge may take.</summary>
    public TimeSpan JudgeLimit => TimeSpan.FromMilliseconds(Rule.Rule.JudgeTimeLimitMs ?? GuardrailRule.DefaultJudgeTimeLimitMs);
}
