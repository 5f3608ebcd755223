using AspireGateway.Gateway.State.Steering;
using AspireGateway.Shared.Checks;
using AspireGateway.Shared.Domain.Guardrails;

namespace AspireGateway.Gateway.Guardrails.External;

/// <summary>A check as the gateway asks it.</summary>
internal sealed class ExternalCheck
{
    private readonly string appliesTo;

    private ExternalCheck(CheckRow row, CheckTarget target)
    {
        (Id, Name, Target, SecretEnvelope) = (row.Id, row.Name, target, row.Secret);
        TimeLimit = TimeSpan.FromMilliseconds(row.TimeLimitMs);
        FailsOpen = row.OnError == GuardrailFailPolicies.Open;
        (MaxCharacters, Regions, appliesTo) = (row.MaxCharacters, row.Regions, row.AppliesTo);
    }

    /// <summary>Its id.</summary>
    public Guid Id { get; }

    /// <summary>Name by which rules name it.</summary>
    public string Name { get; }

    /// <summary>Where it is and how it is spoken to.</summary>
    public CheckTarget Target { get; }

    /// <summary>Of <see cref="GuardrailCheckKinds"/>.</summary>
    public string Kind => Target.Kind;

    /// <summary>Whether it reads pictures or sounds rather than looking at texts.</summary>
    public bool ReadsMedia => GuardrailCheckKinds.ReadsMedia(Kind);

    /// <summary>Its sealed secret; null = it has none.</summary>
    public byte[]? SecretEnvelope { get; }

    /// <summary>How long an answer is waited for.</summary>
    public TimeSpan TimeLimit { get; }

    /// <summary>Whether a text passes that it says nothing about.</summary>
    public bool FailsOpen { get; }

    /// <summary>Longest text that it can look at.</summary>
    public int MaxCharacters { get; }

    /// <summary>Regions in which it processes; empty = nobody said.</summary>
    public string[] Regions { get; }

    /// <summary>Whether it looks at this side.</summary>
    public bool AppliesTo(bool isReply) => !(isReply && ReadsMedia) && (appliesTo == GuardrailCheckTexts.Both || appliesTo == (isReply ? GuardrailCheckTexts.Replies : GuardrailCheckTexts.Prompts));

    /// <summary>From a row; null = its address is none.</summary>
    public static ExternalCheck? Of(CheckRow row) => CheckTarget.Of(row.Kind, row.Url, row.Model, row.IsPrivate) is { } target ? new(row, target) : null;
}
