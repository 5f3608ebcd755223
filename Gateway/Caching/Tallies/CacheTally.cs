using AspireGateway.Gateway.Caching.Keys;
using AspireGateway.Gateway.Telemetry;
using AspireGateway.Shared.Caching;

namespace AspireGateway.Gateway.Caching.Tallies;

/// <summary>
/// Counts, between two writings, which kept replies were given and how close questions lay. Of an organisation at most so many replies and models; what does not fit is not counted. Safe for concurrent use.
/// </summary>
internal sealed class CacheTally
{
    /// <summary>Replies of an organisation that are counted at once; in five seconds few are given that were not given before.</summary>
    public const int MostEntries = 2_048;

    // Fields of about 80 models.
    private const int MostFields = 2_048, MostOrganisations = 2_000;

    private readonly Lock counting = new();
    private Dictionary<Guid, TallyBatch> batches = [];

    /// <summary>A kept reply was given.</summary>
    /// <param name="organisation">To whom.</param>
    /// <param name="entry">Which.</param>
    /// <param name="route">The operation's name.</param>
    /// <param name="model">The logical model.</param>
    /// <param name="nanoUsd">What that saved.</param>
    public void Hit(Guid organisation, in CacheDigest entry, string route, string model, long nanoUsd)
    {
        lock (counting)
        {
            if (BatchOf(organisation) is not { } batch) return;
            var key = (entry, route, model);
            if (batch.Entries.TryGetValue(key, out var before)) batch.Entries[key] = (before.NanoUsd + nanoUsd, before.Hits + 1);
            else if (batch.Entries.Count < MostEntries) batch.Entries.Add(key, (nanoUsd, 1));
        }
    }

    /// <summary>A question was compared with kept ones; see <see cref="ClosestCounts.Add"/>.</summary>
    public void Compared(Guid organisation, string model, float closestSame, float closestOther)
    {
        lock (counting)
        {
            if (BatchOf(organisation) is not { } batch) return;
            Count(batch, CacheTallies.Compared(model));
            foreach (var step in ClosestCounts.Steps)
            {
                var percent = (int)MathF.Round(step * 100);
                if (closestSame >= step) Count(batch, CacheTallies.SameAt(model, percent));
                if (closestOther >= step) Count(batch, CacheTallies.OtherAt(model, percent));
            }
        }
    }

    /// <summary>What was counted since the last time; counting begins anew.</summary>
    public Dictionary<Guid, TallyBatch> Take()
    {
        lock (counting)
        {
            if (batches.Count == 0) return [];
            var taken = batches;
            batches = [];
            return taken;
        }
    }

    private TallyBatch? BatchOf(Guid organisation)
    {
        if (batches.TryGetValue(organisation, out var batch)) return batch;
        return batches.Count < MostOrganisations ? batches[organisation] = new() : null;
    }

    private static void Count(TallyBatch batch, string field)
    {
        if (batch.Closest.TryGetValue(field, out var before)) batch.Closest[field] = before + 1;
        else if (batch.Closest.Count < MostFields) batch.Closest.Add(field, 1);
    }
}
