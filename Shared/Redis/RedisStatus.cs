namespace AspireGateway.Shared.Redis;

/// <summary>What is known of the server at one moment; never changed, only replaced.</summary>
public sealed record RedisStatus
{
    /// <summary>Whether calls are sent.</summary>
    public required bool IsUp { get; init; }

    /// <summary>Since when it has been up or down.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>The server's <c>run_id</c>, another after each of its starts; that of the last connection while down, empty before the first.</summary>
    public string RunId { get; init; } = "";

    /// <summary>The server's <c>maxmemory_policy</c> when the connection was opened; empty when the server does not tell.</summary>
    public string MaxMemoryPolicy { get; init; } = "";

    /// <summary>The server's clock minus ours, as far as half a round trip can tell.</summary>
    public TimeSpan ClockOffset { get; init; }

    /// <summary>
    /// Why it was last down, in a word: <c>timeout</c>, <c>connection_lost</c>, <c>unreachable</c>, <c>connect_timeout</c>, <c>tls</c>, <c>auth</c>,
    /// <c>protocol</c>, <c>replica</c>, <c>loading</c>, <c>script</c>, <c>refused</c> or <c>disposed</c>; empty when it never was.
    /// </summary>
    public string LastFault { get; init; } = "";
}
