namespace AspireGateway.Gateway.Telemetry;

/// <summary>
/// How often the closest kept question lay at least so close, whatever the policy's threshold: what another one would have given. Apart from each other those that ask the same as
/// far as words tell, and those that lie close and ask for something else.
/// </summary>
internal sealed class ClosestCounts
{
    /// <summary>The steps that are counted.</summary>
    public static readonly float[] Steps = [0.5f, 0.6f, 0.7f, 0.8f, 0.85f, 0.9f, 0.93f, 0.95f, 0.96f, 0.97f, 0.98f, 0.99f];

    private readonly Counter[] same = [.. Steps.Select(static _ => new Counter())], other = [.. Steps.Select(static _ => new Counter())];

    /// <summary>Times that a question was compared with others.</summary>
    public Counter Compared { get; } = new();

    /// <summary>Counts a comparison.</summary>
    /// <param name="closestSame">How close the closest one lies that asks the same; 0 = there is none.</param>
    /// <param name="closestOther">How close one lies that asks for something else, closer than that; 0 = there is none.</param>
    public void Add(float closestSame, float closestOther)
    {
        Compared.Add(1);
        for (var i = 0; i < Steps.Length; i++)
        {
            if (closestSame >= Steps[i]) same[i].Add(1);
            if (closestOther >= Steps[i]) other[i].Add(1);
        }
    }

    /// <summary>How often the closest one lay at least as close as a step.</summary>
    public long Of(int step, bool isOther) => (isOther ? other : same)[step].Value;
}
