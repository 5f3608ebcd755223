namespace AspireGateway.Gateway.State;

/// <summary>What this gateway sees of a deployment: how many requests are on their way, and how fast it answered lately. Outlives snapshots.</summary>
internal sealed class DeploymentTraffic
{
    // Each new figure counts a fifth: after ten answers nine tenths of what is said is of these ten.
    private const double Share = 0.2;

    private int inFlight;
    private int samples;
    private uint credentialTurn;
    private double firstTokenUs;
    private double tokenUs;

    /// <summary>What it may still be sent again.</summary>
    public Reliability.RetryBudget Retries { get; } = new();

    /// <summary>Whether it is to be asked at all.</summary>
    public Reliability.Circuits.Circuit Circuit { get; } = new();

    /// <summary>Requests of this gateway that are on their way.</summary>
    public int InFlight => Volatile.Read(ref inFlight);

    /// <summary>Answers that were measured.</summary>
    public int Samples => Volatile.Read(ref samples);

    /// <summary>Usual time to the first token, in microseconds; 0 = unknown.</summary>
    public double FirstTokenUs => Volatile.Read(ref firstTokenUs);

    /// <summary>Usual time for each output token after it, in microseconds; 0 = unknown.</summary>
    public double TokenUs => Volatile.Read(ref tokenUs);

    /// <summary>A number that is one higher each time, for credentials that take turns.</summary>
    public uint NextCredential() => Interlocked.Increment(ref credentialTurn);

    /// <summary>A request is sent there.</summary>
    public void Begin() => Interlocked.Increment(ref inFlight);

    /// <summary>It is over.</summary>
    public void End() => Interlocked.Decrement(ref inFlight);

    /// <summary>Notes how fast an answer came. Two at once may lose one of them: it is an average.</summary>
    /// <param name="firstUs">To the first token, in microseconds; null where the answer came as a whole.</param>
    /// <param name="restUs">From there, or from the beginning, to the end.</param>
    /// <param name="outputTokens">Tokens of the answer.</param>
    public void Note(long? firstUs, long restUs, long outputTokens)
    {
        if (firstUs is { } first) Volatile.Write(ref firstTokenUs, Averaged(FirstTokenUs, first));
        if (outputTokens > 0) Volatile.Write(ref tokenUs, Averaged(TokenUs, (double)restUs / outputTokens));
        Interlocked.Increment(ref samples);
    }

    private static double Averaged(double before, double now) => before <= 0 ? now : before + Share * (now - before);
}
