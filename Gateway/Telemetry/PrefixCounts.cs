namespace AspireGateway.Gateway.Telemetry;

/// <summary>What was done for providers' caches of prompts' beginnings.</summary>
internal sealed class PrefixCounts
{
    /// <summary>Prompts whose beginning nobody is known to hold.</summary>
    public Counter New { get; } = new();

    /// <summary>Prompts that go to whoever holds their beginning.</summary>
    public Counter Kept { get; } = new();

    /// <summary>Prompts that go to somebody else.</summary>
    public Counter Moved { get; } = new();

    /// <summary>Attempts that the gateway marked.</summary>
    public Counter Marked { get; } = new();

    /// <summary>Attempts that their caller marked, which stay as they are.</summary>
    public Counter Callers { get; } = new();

    /// <summary>Attempts without marks.</summary>
    public Counter Unmarked { get; } = new();
}
