using AspireGateway.Integration.Tests.Stores;
using StackExchange.Redis;

namespace AspireGateway.Integration.Tests.Caching;

/// <summary>
/// The entries of an organisation as they come. Entries are written after their replies are sent: who counts what is kept must have seen the last one
/// arrive, not only some.
/// </summary>
internal sealed class NewEntries(IDatabase database, RedisKey expiries)
{
    private readonly HashSet<RedisValue> seen = [];

    /// <summary>Waits until an entry is there that was not at the last call.</summary>
    public Task NextAsync() => Eventually.HoldsAsync(
        async () =>
        {
            var known = seen.Count;
            seen.UnionWith(await database.SortedSetRangeByRankAsync(expiries));
            return seen.Count > known;
        },
        TimeSpan.FromSeconds(30), "the entry is written");
}
