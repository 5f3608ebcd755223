using System.Globalization;
using AspireGateway.Portal.Configuration;
using AspireGateway.Shared.Domain.Limits;

namespace AspireGateway.Portal.Keys;

/// <summary>What a key's form holds beside who it is for: how it waits, what it holds, and from which cost on it asks.</summary>
internal sealed class MoreKeyFields
{
    /// <summary>Classes of the queue, in words.</summary>
    public static readonly IReadOnlyList<FieldChoice> Priorities =
        [new("Before others", PriorityClasses.High), new("Normal", PriorityClasses.Normal), new("After others", PriorityClasses.Low)];

    /// <summary>Policies of holds, in words.</summary>
    public static readonly IReadOnlyList<FieldChoice> Holds =
        [new("The most it can cost", HoldPolicies.Exact), new("What such requests cost so far", HoldPolicies.Learned), new("Its expected cost, and no budget refuses it", HoldPolicies.Soft)];

    /// <summary>What becomes of a costly request, in words.</summary>
    public static readonly IReadOnlyList<FieldChoice> Actions = [new("waits for an approval", ApprovalActions.Wait), new("goes to a cheaper model", ApprovalActions.Cheaper)];

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

    /// <summary>The request with these values.</summary>
    public IssueKeyRequest With(IssueKeyRequest request) => request with
    {
        Priority = Priority, HoldPolicy = HoldPolicy, ApprovalThresholdUsd = Threshold is { } dollars ? UsdAmount.Parse(dollars.ToString(CultureInfo.InvariantCulture)) : null,
        ApprovalAction = Threshold is null ? null : Action, ApprovalModel = Threshold is null || Action != ApprovalActions.Cheaper ? null : Cheaper,
    };
}

/// <summary>Something to choose in a form.</summary>
/// <param name="Text">What people read.</param>
/// <param name="Value">What the API takes.</param>
internal sealed record FieldChoice(string Text, string Value);
