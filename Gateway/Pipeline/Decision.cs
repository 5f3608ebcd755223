namespace AspireGateway.Gateway.Pipeline;

/// <summary>What a deciding step says: go on, or the journey ends here with a refusal.</summary>
internal readonly struct Decision
{
    private Decision(Refusal? refusal) => Refusal = refusal;

    /// <summary>Go on with the next step.</summary>
    public static Decision Continue => default;

    /// <summary>Why the journey ends; null = it goes on.</summary>
    public Refusal? Refusal { get; }

    /// <summary>End with this refusal.</summary>
    public static Decision Refuse(Refusal refusal) => new(refusal);

    /// <summary>A refusal is a decision.</summary>
    public static implicit operator Decision(Refusal refusal) => Refuse(refusal);

    /// <summary>The decision as the result of a step that did not have to wait.</summary>
    public static implicit operator ValueTask<Decision>(Decision decision) => new(decision);
}
