using AspireGateway.Gateway.State;

namespace AspireGateway.Gateway.Routing.Quality.Feedback;

/// <summary>
/// Counts votes in the arms of running canaries: of each request the first, and only where the deployment that was tried first also served, since a vote judges the reply. Arms are told
/// by that deployment, as no record keeps them.
/// </summary>
internal static class CanaryVotes
{
    /// <summary>Counts them in a configuration; null = none is known.</summary>
    public static void Count(ConfigurationSnapshot? snapshot, IEnumerable<MatchedVote> votes)
    {
        if (snapshot is null) return;
        foreach (var vote in votes.DistinctBy(v => v.Usage))
        {
            if (vote.IsAgain || !vote.IsServed || vote.Model is null || vote.Deployment is null || (vote.Chain.Length > 0 && vote.Chain[0] != vote.Deployment)) continue;
            if (!snapshot.Organisations.TryGetValue(vote.Organisation, out var organisation) || !organisation.Steering.Canaries.TryGetValue(vote.Model, out var canary)) continue;
            // Requests from before it began are in no arm; its id tells when that was.
            if (vote.UsageAt < BeganAt(canary.Id)) continue;
            (canary.Deployment.Name == vote.Deployment ? canary.State.Canary : canary.State.Baseline).Vote(vote.Score);
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
