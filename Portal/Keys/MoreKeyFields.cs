using System.Globalization;
using AspireGateway.Portal.Components.Formats;
using AspireGateway.Portal.Configuration;
using AspireGateway.Shared.Domain.Guardrails;
using AspireGateway.Shared.Domain.Limits;

namespace AspireGateway.Portal.Keys;

/// <summary>What a key's form holds beside who it is for: how it waits, what it holds, and from which cost on it asks.</summary>
public sealed class MoreKeyFields
{
    /// <summary>Classes of the queue, in words.</summary>
    public static readonly IReadOnlyList<FieldChoice> Priorities =
        [new("Before others", PriorityClasses.High), new("Normal", PriorityClasses.Normal), new("After others", PriorityClasses.Low)];

    /// <summary>Policies of holds, in words.</summary>
    public static readonly IReadOnlyList<FieldChoice> Holds =
        [new("The most it can cost", HoldPolicies.Exact), new("What such requests cost so far", HoldPolicies.Learned), new("Its expected cost, and no budget refuses it", HoldPolicies.Soft)];

    /// <summary>What becomes of a costly request, in words.</summary>
    public static readonly IReadOnlyList<FieldChoice> Actions = [new("waits for an approval", ApprovalActions.Wait), new("goes to a cheaper model", ApprovalActions.Cheaper)];

    /// <summary>Levels of guardrails, in words; '' = no floor.</summary>
    public static readonly IReadOnlyList<FieldChoice> Levels =
        [new("As the policies say", ""), new("Standard at least", GuardrailLevels.Standard), new("Strict", GuardrailLevels.Strict)];

    /// <summary>The least that guardrails do; of <see cref="GuardrailLevels.Floors"/>, '' = as policies say.</summary>
    public string GuardrailLevel { get; set; } = "";

    /// <summary>The class; of <see cref="PriorityClasses"/>.</summary>
    public string Priority { get; set; } = PriorityClasses.Normal;

    /// <summary>The policy; of <see cref="HoldPolicies"/>.</summary>
    public string HoldPolicy { get; set; } = HoldPolicies.Exact;

    /// <summary>Dollars from which on a request asks; null = the team's.</summary>
    public decimal? Threshold { get; set; }

    /// <summary>What becomes of it then; of <see cref="ApprovalActions"/>.</summary>
    public string Action { get; set; } = ApprovalActions.Wait;

    /// <summary>The cheaper model.</summary>
    public string? Cheaper { get; set; }

    /// <summary>Labels of the fields by their names in the API.</summary>
    public static readonly IReadOnlyDictionary<string, string> Labels = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["priority"] = "In a queue it stands", ["hold_policy"] = "A running request holds", ["approval_threshold_usd"] = "The amount", ["approval_threshold"] = "The amount", ["approval_action"] = "Then it",
        ["approval_model"] = "Cheaper model", ["guardrail_level"] = "Guardrails",
    };

    // Of a key that has no amount of its own but says what is done at its team's.
    private (string? Action, string? Model) atTheTeams;

    /// <summary>The values of a key.</summary>
    public static MoreKeyFields Of(KeyDetails key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var fields = new MoreKeyFields { Priority = key.Priority, HoldPolicy = key.HoldPolicy, GuardrailLevel = key.GuardrailLevel ?? "" };
        if (key.ApprovalThresholdNanoUsd is not { } nanos) fields.atTheTeams = (key.ApprovalAction, key.ApprovalModel);
        else (fields.Threshold, fields.Action, fields.Cheaper) = (nanos / (decimal)Money.NanosPerDollar, key.ApprovalAction ?? ApprovalActions.Wait, key.ApprovalModel);
        return fields;
    }

    /// <summary>The request with these values.</summary>
    /// <typeparam name="T">The request.</typeparam>
    public T With<T>(T request) where T : KeyValuesRequest
    {
        var (action, model) = Threshold is null ? atTheTeams : (Action, Action == ApprovalActions.Cheaper ? Cheaper : null);
        KeyValuesRequest values = request;
        return (T)(values with
        {
            Priority = Priority, HoldPolicy = HoldPolicy, ApprovalThresholdUsd = Threshold is { } dollars ? UsdAmount.Parse(dollars.ToString(CultureInfo.InvariantCulture)) : null, ApprovalAction = action,
            ApprovalModel = model, GuardrailLevel = GuardrailLevel.Length == 0 ? null : GuardrailLevel,
        });
    }
}

/// <summary>Something to choose in a form.</summary>
/// <param name="Text">What people read.</param>
/// <param name="Value">What the API takes.</param>
public sealed record FieldChoice(string Text, string Value);
