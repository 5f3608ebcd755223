namespace AspireGateway.Portal.Tests.Host;

/// <summary>A clock that goes when a test says so.</summary>
internal sealed class ManualClock(DateTimeOffset now) : TimeProvider
{
    public DateTimeOffset Now { get; set; } = now;

    public override DateTimeOffset GetUtcNow() => Now;
}
