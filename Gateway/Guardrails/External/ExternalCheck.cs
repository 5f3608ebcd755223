using AspireGateway.Gateway.State.Steering;
using AspireGateway.Shared.Domain.Guardrails;

namespace AspireGateway.Gateway.Guardrails.External;

/// <summary>A check as the gateway asks it.</summary>
internal sealed class ExternalCheck
{
    private readonly string appliesTo;

    private ExternalCheck(CheckRow row, Uri address)
    {
        (Id, Name, Kind, Address, Model, IsPrivate, SecretEnvelope) = (row.Id, row.Name, row.Kind, address, row.Model, row.IsPrivate, row.Secret);
        TimeLimit = TimeSpan.FromMilliseconds(row.TimeLimitMs);
        FailsOpen = row.OnError == GuardrailFailPolicies.Open;
        (MaxCharacters, Regions, appliesTo) = (row.MaxCharacters, row.Regions, row.AppliesTo);
    }

    /// <summary>Its id.</summary>
    public Guid Id { get; }

    /// <summary>Name by which rules name it.</summary>
    public string Name { get; }

    /// <summary>Of <see cref="GuardrailCheckKinds"/>.</summary>
    public string Kind { get; }

    /// <summary>What is posted to.</summary>
    public Uri Address { get; }

    /// <summary>The model that it is asked for; null = none is named.</summary>
    public string? Model { get; }

    /// <summary>Whether it may be in a private network.</summary>
    public bool IsPrivate { get; }

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
    public bool AppliesTo(bool isReply) => appliesTo == GuardrailCheckTexts.Both || appliesTo == (isReply ? GuardrailCheckTexts.Replies : GuardrailCheckTexts.Prompts);

    /// <summary>From a row; null = its address is none.</summary>
    public static ExternalCheck? Of(CheckRow row) => Uri.TryCreate(row.Url, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" ? new(row, address) : null;
}
