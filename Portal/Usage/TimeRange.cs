using AspireGateway.Portal.Configuration;

namespace AspireGateway.Portal.Usage;

/// <summary>A bounded time: queries of raw usage never run without one.</summary>
/// <param name="From">Its start, inclusive, UTC.</param>
/// <param name="To">Its end, exclusive, UTC.</param>
public sealed record TimeRange(DateTimeOffset From, DateTimeOffset To)
{
    /// <summary>Longest time that is read from raw records.</summary>
    public static readonly TimeSpan Max = TimeSpan.FromDays(31);

    /// <summary>Longest time that is summed from roll-ups.</summary>
    public static readonly TimeSpan MaxRolledUp = TimeSpan.FromDays(400);

    /// <summary>The time that is taken where the caller names none.</summary>
    public static readonly TimeSpan Default = TimeSpan.FromHours(24);

    /// <summary>The caller's range: a missing end is now, a missing start lies <see cref="Default"/> before the end.</summary>
    public static Result<TimeRange> Of(DateTimeOffset? from, DateTimeOffset? to, DateTimeOffset now) => Of(from, to, now, Max);

    /// <summary>The same with another longest time.</summary>
    public static Result<TimeRange> Of(DateTimeOffset? from, DateTimeOffset? to, DateTimeOffset now, TimeSpan longest)
    {
        var end = (to ?? now).ToUniversalTime();
        var start = (from ?? end - Default).ToUniversalTime();
        if (start >= end) return new Failure.Invalid([new("from", "from must be before to.")]);
        return end - start > longest ? new Failure.Invalid([new("from", $"The time between from and to may be at most {longest.TotalDays:0} days.")]) : new TimeRange(start, end);
    }
}
