using System.Buffers.Binary;
using System.Security.Cryptography;

namespace AspireGateway.Gateway.State;

/// <summary>
/// Virtual keys by hash. Immutable and cheap to change: a large base shared between snapshots and a small overlay of what changed since, folded
/// into a new base when it grows. With a million keys a revocation copies the overlay, not the million.
/// </summary>
internal sealed class KeyIndex
{
    // A change copies the overlay and a fold copies the base, so the overlay may grow with the base: to 1/64 of it.
    private const int FoldAtLeast = 2048, FoldShare = 64;

    private readonly Dictionary<UInt128, VirtualKeySnapshot> byHash;
    // By id; null = the key is gone.
    private readonly Dictionary<Guid, VirtualKeySnapshot?> changed;
    private readonly Dictionary<UInt128, VirtualKeySnapshot> changedByHash;

    /// <summary>An index of the given keys.</summary>
    public KeyIndex(IReadOnlyCollection<VirtualKeySnapshot> keys)
        : this(new(keys.Count), [], [])
    {
        foreach (var key in keys) byHash[Slot(key.SecretHash)] = key;
    }

    private KeyIndex(
        Dictionary<UInt128, VirtualKeySnapshot> byHash, Dictionary<Guid, VirtualKeySnapshot?> changed, Dictionary<UInt128, VirtualKeySnapshot> changedByHash)
    {
        this.byHash = byHash;
        this.changed = changed;
        this.changedByHash = changedByHash;
    }

    /// <summary>Number of keys; counts them while changes are not folded in.</summary>
    public int Count => changed.Count == 0 ? byHash.Count : All.Count();

    /// <summary>Every key, in no order.</summary>
    public IEnumerable<VirtualKeySnapshot> All
    {
        get
        {
            foreach (var key in byHash.Values)
                if (!changed.ContainsKey(key.Id)) yield return key;
            foreach (var key in changed.Values)
                if (key is not null) yield return key;
        }
    }

    /// <summary>The key with this SHA-256 (32 bytes), or null. Half of the hash finds the slot, all of it is compared in constant time.</summary>
    public VirtualKeySnapshot? Find(ReadOnlySpan<byte> hash)
    {
        var slot = Slot(hash);
        if (!changedByHash.TryGetValue(slot, out var key) && (!byHash.TryGetValue(slot, out key) || changed.ContainsKey(key.Id))) return null;
        return CryptographicOperations.FixedTimeEquals(key.SecretHash, hash) ? key : null;
    }

    /// <summary>An index in which the given keys are as given, and those with a null are gone.</summary>
    public KeyIndex With(IReadOnlyDictionary<Guid, VirtualKeySnapshot?> changes)
    {
        if (changes.Count == 0) return this;
        var next = new Dictionary<Guid, VirtualKeySnapshot?>(changed);
        foreach (var (id, key) in changes) next[id] = key;
        var nextByHash = new Dictionary<UInt128, VirtualKeySnapshot>(next.Count);
        foreach (var key in next.Values)
            if (key is not null) nextByHash[Slot(key.SecretHash)] = key;
        var index = new KeyIndex(byHash, next, nextByHash);
        return next.Count > Math.Max(FoldAtLeast, byHash.Count / FoldShare) ? new KeyIndex([.. index.All]) : index;
    }

    private static UInt128 Slot(ReadOnlySpan<byte> hash) => BinaryPrimitives.ReadUInt128LittleEndian(hash);
}
