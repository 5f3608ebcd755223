using System.Text.Json.Serialization;

namespace AspireGateway.Shared.Domain.Anomalies;

/// <summary>What becomes of a key that runs away, and for how long.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record AnomalySettings
{
    /// <summary>How long it lasts where nothing is set, in minutes.</summary>
    public const int DefaultMinutes = 60;

    /// <summary>Longest time that may be set: 30 days, in minutes.</summary>
    public const int MaxMinutes = 43_200;

    /// <summary>Most requests a minute that may be set.</summary>
    public const int MaxRequestsPerMinute = 1_000_000;

    /// <summary>Least part of the usual rate that may be set.</summary>
    public const double LeastOfUsual = 0.05;

    /// <summary>Largest part of the usual rate that may be set: from 6.1 times on it is an anomaly.</summary>
    public const double MostOfUsual = 6;

    /// <summary>One of <see cref="AnomalyResponses"/>.</summary>
    public required string OnAnomaly { get; init; }

    /// <summary>Of a throttle: most requests a minute, 1 to <see cref="MaxRequestsPerMinute"/>; null = <see cref="OfUsual"/> alone says it.</summary>
    public int? RequestsPerMinute { get; init; }

    /// <summary>Of a throttle: part of the rate that is usual for the key at that time, <see cref="LeastOfUsual"/> to <see cref="MostOfUsual"/>; null = <see cref="RequestsPerMinute"/> alone says it, or, where that is null too, 1.</summary>
    public double? OfUsual { get; init; }

    /// <summary>For how many minutes; 0 = until a person lifts it, null = <see cref="DefaultMinutes"/>.</summary>
    public int? Minutes { get; init; }

    /// <summary>Most requests a minute of a throttled key: the smaller of what is set; never less than one, or it would be a stop.</summary>
    /// <param name="usualPerMinute">Requests a minute that are usual for the key; 0 = not known.</param>
    public int Ceiling(double usualPerMinute)
    {
        var share = OfUsual ?? (RequestsPerMinute is null ? 1 : double.PositiveInfinity);
        // What is not known bounds nothing where a number is set beside.
        var ofUsual = double.IsPositiveInfinity(share) || (usualPerMinute <= 0 && RequestsPerMinute is not null) ? MaxRequestsPerMinute : Math.Ceiling(share * Math.Max(0, usualPerMinute));
        return (int)Math.Clamp(Math.Min(ofUsual, RequestsPerMinute ?? MaxRequestsPerMinute), 1, MaxRequestsPerMinute);
    }

    /// <summary>Until when it lasts; null = until a person lifts it.</summary>
    /// <param name="from">When it begins.</param>
    public DateTimeOffset? Until(DateTimeOffset from) => Minutes is 0 ? null : from.AddMinutes(Minutes ?? DefaultMinutes);
}
