namespace AspireGateway.Portal.Repricing;

/// <summary>What a re-pricing would change.</summary>
public sealed record RepricingPreview
{
    /// <summary>Records that would be priced anew.</summary>
    public required long Records { get; init; }

    /// <summary>Records in the span that stay as they are, because their price alone does not explain their cost (several answers, a search for a kept reply, an estimate of a dead gateway).</summary>
    public required long LeftAlone { get; init; }

    /// <summary>What the records cost now, in nano-USD.</summary>
    public required long OldNanoUsd { get; init; }

    /// <summary>What they would cost, in nano-USD.</summary>
    public required long NewNanoUsd { get; init; }

    /// <summary>The same by team, the largest change first.</summary>
    public required IReadOnlyList<RepricingTeam> Teams { get; init; }
}

/// <summary>What a re-pricing would change for a team.</summary>
/// <param name="TeamId">The team.</param>
/// <param name="Team">Its name; its id where it is gone.</param>
/// <param name="Records">Records that would be priced anew.</param>
/// <param name="OldNanoUsd">What they cost now, in nano-USD.</param>
/// <param name="NewNanoUsd">What they would cost, in nano-USD.</param>
public sealed record RepricingTeam(Guid TeamId, string Team, long Records, long OldNanoUsd, long NewNanoUsd);
