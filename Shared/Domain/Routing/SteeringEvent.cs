namespace AspireGateway.Shared.Domain.Routing;

/// <summary>Something that gateways noticed or did by themselves. Written by whichever gateway is first; the portal puts it into the audit and on its way to webhooks.</summary>
public sealed class SteeringEvent
{
    /// <summary>UUIDv7.</summary>
    public Guid Id { get; set; }

    /// <summary>The organisation it belongs to.</summary>
    public Guid OrganisationId { get; set; }

    /// <summary>What happened; of <see cref="SteeringEvents"/>.</summary>
    public required string Type { get; set; }

    /// <summary>The pin, canary or credential that it is about.</summary>
    public Guid SubjectId { get; set; }

    /// <summary>Tells one occurrence from the next: of the same subject, type and occurrence only the first is kept.</summary>
    public required string Occurrence { get; set; }

    /// <summary>What is to be known of it, a JSON object without content of requests.</summary>
    public required string Detail { get; set; }

    /// <summary>When.</summary>
    public DateTimeOffset At { get; set; }

    /// <summary>When the portal took it up; null = not yet.</summary>
    public DateTimeOffset? AnnouncedAt { get; set; }
}

/// <summary>Types of <see cref="SteeringEvent"/>; also what webhooks subscribe to.</summary>
public static class SteeringEvents
{
    /// <summary>A provider served another version than the pinned one.</summary>
    public const string PinMismatch = "pin.mismatch";

    /// <summary>A canary broke a guard; its part of the traffic went back at once.</summary>
    public const string CanaryTrip = "canary.trip";

    /// <summary>A canary went on to its next step.</summary>
    public const string CanaryRamp = "canary.ramp";

    /// <summary>A provider refused a credential; the deployment that was called with it leaves it alone for a while.</summary>
    public const string CredentialRefused = "credential.refused";

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<string> All = [PinMismatch, CanaryTrip, CanaryRamp, CredentialRefused];
}
