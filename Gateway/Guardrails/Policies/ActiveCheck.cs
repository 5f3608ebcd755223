using System.Text.Json;
using AspireGateway.Shared.Domain.Guardrails;
using AspireGateway.Shared.Schemas;

namespace AspireGateway.Gateway.Guardrails.Policies;

/// <summary>What one check of whole replies does with one request, after all scopes were asked.</summary>
internal sealed class ActiveCheck
{
    private ActiveCheck(IReplyCheck check, GuardrailRule rule)
    {
        (Check, Rule) = (check, rule);
        IsStrict = rule.Level == GuardrailLevels.Strict;
        Action = rule.Level == GuardrailLevels.Flag ? GuardrailActions.Flag : rule.ReplyAction ?? GuardrailActions.Block;
        FailsOpen = rule.OnError == GuardrailFailPolicies.Open;
        Steps = [.. rule.OnInvalid ?? InvalidReplySteps.Default];
        if (rule.Schema is { } schema) Schema = SchemaOf(schema);
    }

    /// <summary>The check.</summary>
    public IReplyCheck Check { get; }

    /// <summary>What was set.</summary>
    public GuardrailRule Rule { get; }

    /// <summary>Whether what is only possible counts too.</summary>
    public bool IsStrict { get; }

    /// <summary>What becomes of a reply; of <see cref="GuardrailActions"/>.</summary>
    public string Action { get; }

    /// <summary>Whether a reply goes out when the check cannot say anything about it.</summary>
    public bool FailsOpen { get; }

    /// <summary>What is done about a reply in another form, in order; of <see cref="InvalidReplySteps"/>.</summary>
    public IReadOnlyList<string> Steps { get; }

    /// <summary>The schema that replies must keep to; null = none is set.</summary>
    public JsonSchema? Schema { get; }

    /// <summary>The rule as it acts; null = it is off.</summary>
    public static ActiveCheck? Of(IReplyCheck check, GuardrailRule? rule) => rule is null || rule.Level == GuardrailLevels.Off ? null : new(check, rule);

    // The portal lets only such schemas through that can be read.
    private static JsonSchema SchemaOf(string text)
    {
        using var schema = JsonDocument.Parse(text);
        return JsonSchema.Read(schema.RootElement);
    }
}
