/// <summary>What callers saw of each of their requests, by its number.</summary>
sealed class Calls(int most)
{
    /// <summary>The caller left before anything came.</summary>
    public const short LeftEarly = -1;
    /// <summary>The connection failed.</summary>
    public const short Failed = -2;

    public readonly short[] Status = new short[most];
    /// <summary>1 = the caller left after the first bytes; 2 = the answer ended early without that.</summary>
    public readonly byte[] Ended = new byte[most];
    /// <summary>What the answer's header said it cost, in nano-USD; -1 = nothing.</summary>
    public readonly long[] CostNanoUsd = new long[most];
    public int Count;
    public int Running;
    public int MostRunning;
    public int HeldBack;

    public static string IdOf(int number) => $"day-{number}";
}
