using AspireGateway.Gateway.Routing.Strategies;
using AspireGateway.Gateway.State;

namespace AspireGateway.Gateway.Routing.Quality.Feedback;

/// <summary>
/// Counts votes in the arms of running canaries: of each request the first, and only where the deployment that was tried first also served, since a vote judges the reply. The arm
/// is the one that the record is tagged with (decision 0119), so that pinned requests are in none.
/// </summary>
internal static class CanaryVotes
{
    /// <summary>Counts them in a configuration; null = none is known.</summary>
    public static void Count(ConfigurationSnapshot? snapshot, IEnumerable<MatchedVote> votes)
    {
        if (snapshot is null) return;
        foreach (var vote in votes.DistinctBy(v => v.Usage))
        {
            if (vote.IsAgain || !vote.IsServed || vote.Arm is not (ArmTag.Canary or ArmTag.Baseline) || vote.Model is null || vote.Deployment is null || (vote.Chain.Length > 0 && vote.Chain[0] != vote.Deployment)) continue;
            if (!snapshot.Organisations.TryGetValue(vote.Organisation, out var organisation) || !organisation.Steering.Canaries.TryGetValue(vote.Model, out var canary)) continue;
            // Requests from before it began were in another one's arm; its id tells when that was.
            if (vote.UsageAt < BeganAt(canary.Id)) continue;
            (vote.Arm == ArmTag.Canary ? canary.State.Canary : canary.State.Baseline).Vote(vote.Score);
        }
    }

    // RFC 9562, section 5.7: the first 48 bits of a UUIDv7 are Unix milliseconds.
    private static DateTimeOffset BeganAt(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return DateTimeOffset.FromUnixTimeMilliseconds(((long)System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(bytes) << 16) | System.Buffers.Binary.BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]));
    }
}
