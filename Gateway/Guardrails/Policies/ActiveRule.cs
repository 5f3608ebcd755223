using System.Collections.Frozen;
using AspireGateway.Gateway.Guardrails.BannedPatterns;
using AspireGateway.Gateway.Guardrails.External;
using AspireGateway.Gateway.Guardrails.Media;
using AspireGateway.Gateway.Guardrails.PromptLimits;
using AspireGateway.Gateway.Guardrails.Topics;
using AspireGateway.Shared.Domain.Guardrails;

namespace AspireGateway.Gateway.Guardrails.Policies;

/// <summary>What one guardrail does with one request, after all scopes were asked.</summary>
internal sealed class ActiveRule
{
    private ActiveRule(IGuardrail guardrail, GuardrailRule rule, ExternalCheck[] checks)
    {
        Guardrail = guardrail;
        IsStrict = rule.Level == GuardrailLevels.Strict;
        var flagsOnly = rule.Level == GuardrailLevels.Flag;
        PromptAction = flagsOnly ? GuardrailActions.Flag : rule.Action ?? GuardrailActions.DefaultOf(guardrail.Name);
        ReplyAction = rule.ReplyAction is null || guardrail.ReplyWindow == 0 ? null : flagsOnly ? GuardrailActions.Flag
            : GuardrailActions.OfReplies.Contains(rule.ReplyAction, StringComparer.Ordinal) ? rule.ReplyAction : GuardrailActions.Block;
        RestrictedModel = rule.RestrictedModel;
        QuarantineTime = TimeSpan.FromHours(rule.QuarantineHours ?? GuardrailRule.DefaultQuarantineHours);
        Restores = rule.Restore != false;
        FailsOpen = rule.OnError == GuardrailFailPolicies.Open;
        TimeLimit = TimeSpan.FromMilliseconds(rule.TimeLimitMs ?? GuardrailRule.DefaultTimeLimitMs);
        ExceptTypes = (rule.ExceptTypes ?? []).ToFrozenSet(StringComparer.Ordinal);
        Patterns = PatternSet.Of(rule.Words, rule.Patterns);
        Limit = PromptLimit.Of(rule);
        Media = MediaLimit.Of(rule);
        Topics = TopicPolicy.Of(rule);
        Checks = rule.Checks is { } names ? Array.FindAll(checks, check => names.Contains(check.Name)) : [];
    }

    /// <summary>The guardrail.</summary>
    public IGuardrail Guardrail { get; }

    /// <summary>Whether what is only possible counts too.</summary>
    public bool IsStrict { get; }

    /// <summary>What becomes of a prompt; of <see cref="GuardrailActions"/>.</summary>
    public string PromptAction { get; }

    /// <summary>What becomes of a reply; null = replies are not looked at.</summary>
    public string? ReplyAction { get; }

    /// <summary>Where a prompt goes whose action is <see cref="GuardrailActions.Reroute"/>.</summary>
    public string? RestrictedModel { get; }

    /// <summary>How long a prompt waits for a decision whose action is <see cref="GuardrailActions.Quarantine"/>.</summary>
    public TimeSpan QuarantineTime { get; }

    /// <summary>Whether placeholders in the reply become what they stand for again.</summary>
    public bool Restores { get; }

    /// <summary>Whether a request goes on when the guardrail cannot say anything about it.</summary>
    public bool FailsOpen { get; }

    /// <summary>How long it may look at one request.</summary>
    public TimeSpan TimeLimit { get; }

    /// <summary>Types of findings that do not count.</summary>
    public FrozenSet<string> ExceptTypes { get; }

    /// <summary>What the tenant forbids.</summary>
    public PatternSet Patterns { get; }

    /// <summary>How large a request may be and in which languages it may speak.</summary>
    public PromptLimit Limit { get; }

    /// <summary>Which pictures, sounds and files may leave.</summary>
    public MediaLimit Media { get; }

    /// <summary>What requests may be about.</summary>
    public TopicPolicy Topics { get; }

    /// <summary>The checks outside of the gateway that are asked.</summary>
    public ExternalCheck[] Checks { get; }

    /// <summary>The rule as it acts; null = it is off.</summary>
    /// <param name="guardrail">Whose.</param>
    /// <param name="rule">What was set.</param>
    /// <param name="checks">The organisation's checks.</param>
    public static ActiveRule? Of(IGuardrail guardrail, GuardrailRule? rule, params ExternalCheck[] checks) =>
        rule is null || rule.Level == GuardrailLevels.Off ? null : new(guardrail, rule, checks);
}
