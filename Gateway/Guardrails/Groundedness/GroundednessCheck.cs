using AspireGateway.Gateway.Guardrails.Policies;
using AspireGateway.Gateway.Guardrails.Replies;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Shared.Domain.Guardrails;
using AspireGateway.Shared.Domain.Routing;

namespace AspireGateway.Gateway.Guardrails.Groundedness;

/// <summary>Does the context that the request supplies support what the reply says?</summary>
internal sealed class GroundednessCheck : IReplyCheck
{
    /// <inheritdoc />
    public string Name => GuardrailNames.Groundedness;

    /// <inheritdoc />
    public Refusal? Prepare(Exchange exchange, ActiveCheck rule, ReplyChecks checks)
    {
        var judge = rule.Rule.JudgeModel is { } model ? new CascadeJudge { Model = model, Rubric = GroundingRule.Rubric } : null;
        checks.Grounding = new(rule, judge);
        if (judge is null) return null;
        var legs = exchange.NoteLegs();
        (legs.Judge, legs.JudgeBytes) = (judge, GroundingRule.MostJudged);
        return null;
    }
}
