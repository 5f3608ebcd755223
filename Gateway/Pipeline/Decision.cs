namespace AspireGateway.Gateway.Pipeline;

/// <summary>What a deciding step says: go on, or the journey ends here with an answer or a refusal.</summary>
internal readonly struct Decision
{
    // A mark in the place of a refusal: a decision stays one reference, which every step of every request returns.
    private static readonly Refusal AnswerMark = Refusal.Internal("");

    private readonly Refusal? refusal;

    private Decision(Refusal refusal) => this.refusal = refusal;

    /// <summary>Go on with the next step.</summary>
    public static Decision Continue => default;

    /// <summary>The answer is there: nothing more is to be decided.</summary>
    public static Decision Answered => new(AnswerMark);

    /// <summary>Why the journey ends; null = it goes on, or the answer is there.</summary>
    public Refusal? Refusal => ReferenceEquals(refusal, AnswerMark) ? null : refusal;

    /// <summary>Whether no further step is asked.</summary>
    public bool EndsJourney => refusal is not null;

    /// <summary>End with this refusal.</summary>
    public static Decision Refuse(Refusal refusal) => new(refusal);

    /// <summary>A refusal is a decision.</summary>
    public static implicit operator Decision(Refusal refusal) => Refuse(refusal);

    /// <summary>The decision as the result of a step that did not have to wait.</summary>
    public static implicit operator ValueTask<Decision>(Decision decision) => new(decision);
}
