using AspireGateway.Shared.Domain.Routing;

namespace AspireGateway.Gateway.State.Steering;

/// <summary>A running canary with its deployment resolved.</summary>
internal sealed class CanarySnapshot
{
    /// <summary>Its id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The same as text; what splits are made by.</summary>
    public string IdText => field ??= Id.ToString();

    /// <summary>The logical model.</summary>
    public required string Model { get; init; }

    /// <summary>Where its part goes.</summary>
    public required DeploymentSnapshot Deployment { get; init; }

    /// <summary>The model's deployments with this one at their end, unless it is among them.</summary>
    public required DeploymentSnapshot[] Deployments { get; init; }

    /// <summary>Whether its deployment is one of the model's anyway.</summary>
    public required bool IsMember { get; init; }

    /// <summary>What keeps a caller in the same arm; of <see cref="CanaryStickiness"/>.</summary>
    public required string Sticky { get; init; }

    /// <summary>Share of each step, in hundredths of a percent.</summary>
    public required int[] Shares { get; init; }

    /// <summary>Least time of each step but the last, in seconds.</summary>
    public required int[] DwellSeconds { get; init; }

    /// <summary>Least requests that it must have served in a step before the next one.</summary>
    public required int MinRequests { get; init; }

    /// <summary>How much worse it may be.</summary>
    public required CanaryGuards Guards { get; init; }

    /// <summary>How it stands; the same object in every snapshot.</summary>
    public required CanaryState State { get; init; }

    /// <summary>The arm of requests that go to it.</summary>
    public CanaryArm Canary => field ??= new(this, IsCanary: true, "canary:" + Deployment.Name);

    /// <summary>The arm of all others.</summary>
    public CanaryArm Baseline => field ??= new(this, IsCanary: false, null);

    /// <summary>Its share now, in hundredths of a percent; 0 once a guard was broken.</summary>
    public int Share => State.BrokenGuard is not null ? 0 : Shares[Math.Min(State.Stage, Shares.Length - 1)];

    /// <summary>Of a row; null = it cannot run: its model or its deployment is missing.</summary>
    public static CanarySnapshot? Of(CanaryRow row, ModelSnapshot? model, DeploymentSnapshot? deployment, CanaryState? known)
    {
        if (model is null || deployment is null || row.Shares.Length == 0) return null;
        var isMember = Array.Exists(model.Deployments, other => other.Id == deployment.Id);
        return new()
        {
            Id = row.Id, Model = model.Name, Deployment = deployment, Deployments = isMember ? model.Deployments : [.. model.Deployments, deployment], IsMember = isMember,
            Sticky = row.Sticky, Shares = row.Shares, DwellSeconds = row.DwellSeconds, MinRequests = row.MinRequests,
            Guards = new(row.MaxErrorIncrease, row.MaxLatencyRatio, row.MaxCostRatio, row.MaxQualityDrop), State = known ?? new CanaryState(),
        };
    }
}

/// <summary>One side of a canary's split.</summary>
/// <param name="Of">The canary.</param>
/// <param name="IsCanary">Whether it is the side that goes to the canary.</param>
/// <param name="Reason">The reason of its plans; null = as without a canary.</param>
internal sealed record CanaryArm(CanarySnapshot Of, bool IsCanary, string? Reason)
{
    /// <summary>Where its requests are counted.</summary>
    public ArmTally Tally => IsCanary ? Of.State.Canary : Of.State.Baseline;
}
