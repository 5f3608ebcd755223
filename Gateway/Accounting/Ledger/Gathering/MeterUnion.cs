using AspireGateway.Gateway.Accounting.Limits;

namespace AspireGateway.Gateway.Accounting.Ledger.Gathering;

/// <summary>The meters of several requests, each once, with a sum or two beside it.</summary>
internal sealed class MeterUnion
{
    // Far below what Lua can pass to one command of Redis.
    private const int Most = 1000;

    private readonly Dictionary<Meter, int> places = new(ByName.Instance);
    private readonly List<Meter> meters = [];
    private readonly List<double> first = [];
    private readonly List<double> second = [];

    /// <summary>How many there are.</summary>
    public int Count => meters.Count;

    /// <summary>The meter at a place, from 0.</summary>
    public Meter this[int place] => meters[place];

    /// <summary>
    /// Whether these can be added: there is room, and those that are there already are measured alike. They are not, for a moment, after a limit or cap has
    /// changed, and where a budget counts a request that it may not refuse any more.
    /// </summary>
    public bool Takes(Meter[] more)
    {
        if (meters.Count + more.Length > Most) return false;
        foreach (var meter in more)
        {
            if (!places.TryGetValue(meter, out var place)) continue;
            var mine = meters[place];
            if (!ReferenceEquals(mine, meter) && (!mine.First.Equals(meter.First) || !mine.Second.Equals(meter.Second))) return false;
        }
        return true;
    }

    /// <summary>The place of a meter, which is added when it is not there.</summary>
    public int PlaceOf(Meter meter)
    {
        if (places.TryGetValue(meter, out var place)) return place;
        place = meters.Count;
        places.Add(meter, place);
        meters.Add(meter);
        first.Add(0);
        second.Add(0);
        return place;
    }

    /// <summary>Adds to the sums of a place.</summary>
    public void Add(int place, double toFirst, double toSecond = 0)
    {
        first[place] += toFirst;
        second[place] += toSecond;
    }

    /// <summary>Sets the second sum of a place.</summary>
    public void Set(int place, double toSecond) => second[place] = toSecond;

    /// <summary>The first sum of a place.</summary>
    public double FirstOf(int place) => first[place];

    /// <summary>The second sum of a place.</summary>
    public double SecondOf(int place) => second[place];

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        places.Clear();
        meters.Clear();
        first.Clear();
        second.Clear();
    }

    private sealed class ByName : IEqualityComparer<Meter>
    {
        public static readonly ByName Instance = new();

        public bool Equals(Meter? x, Meter? y) => ReferenceEquals(x, y) || (x!.NameHash == y!.NameHash && x.Name == y.Name);

        public int GetHashCode(Meter meter) => meter.NameHash;
    }
}
