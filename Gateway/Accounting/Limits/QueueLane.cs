namespace AspireGateway.Gateway.Accounting.Limits;

/// <summary>The requests that wait for one limit.</summary>
internal sealed class QueueLane(string name, SpendOptions options, TimeProvider time)
{
    // Turns of a class in a round when all classes wait: low, normal, high.
    private static readonly int[] Weights = [1, 3, 9];

    private readonly Lock gate = new();
    private readonly ClassLine[] classes = [new(), new(), new()];
    private readonly Dictionary<Guid, int> perKey = [];
    private QueuePlace? head;
    private int count;
    private bool isClosed;

    /// <summary>The field of the limit's meter.</summary>
    public string Name => name;

    /// <summary>Requests that wait, the head included.</summary>
    public int Count => Volatile.Read(ref count);

    /// <summary>Takes a place at the end of the key's line.</summary>
    public QueueEntry TryEnter(Guid key, int priority, out QueuePlace? place)
    {
        lock (gate)
        {
            place = null;
            if (isClosed) return QueueEntry.Closed;
            var ofKey = perKey.GetValueOrDefault(key);
            if (count >= options.MaxQueuedPerLimit || ofKey >= options.MaxQueuedPerKey) return QueueEntry.Full;
            place = new QueuePlace(this, key, Math.Clamp(priority, 0, classes.Length - 1), time.GetTimestamp());
            perKey[key] = ofKey + 1;
            count++;
            if (head is null) Promote(place);
            else classes[place.Priority].Add(place);
            return QueueEntry.Entered;
        }
    }

    /// <summary>Gives a place up; the next in line becomes the head.</summary>
    /// <returns>Whether nobody waits any more: the lane is closed then.</returns>
    public bool Leave(QueuePlace place)
    {
        lock (gate)
        {
            if (place.HasLeft) return false;
            place.HasLeft = true;
            count--;
            if (perKey[place.Key] == 1) perKey.Remove(place.Key);
            else perKey[place.Key]--;
            if (head == place)
            {
                head = null;
                if (Next() is { } next) Promote(next);
            }
            else
            {
                classes[place.Priority].Remove(place);
            }
            return isClosed = count == 0;
        }
    }

    /// <summary>The head need not wait for its next look.</summary>
    public void Wake()
    {
        lock (gate) head?.Wake();
    }

    private void Promote(QueuePlace place)
    {
        head = place;
        place.ComeForward();
    }

    // Smooth weighted round robin (as nginx balances upstreams): each waiting class gains its weight, the richest one goes and pays for all.
    private QueuePlace? Next()
    {
        ClassLine? best = null;
        var total = 0;
        for (var i = 0; i < classes.Length; i++)
        {
            if (classes[i].IsEmpty) continue;
            total += Weights[i];
            classes[i].Credit += Weights[i];
            if (best is null || classes[i].Credit >= best.Credit) best = classes[i];
        }
        if (best is null) return null;
        best.Credit -= total;
        return best.Take();
    }

    private sealed class ClassLine
    {
        private readonly LinkedList<Guid> turns = new();
        private readonly Dictionary<Guid, LinkedList<QueuePlace>> lines = [];

        public int Credit { get; set; }

        public bool IsEmpty => turns.Count == 0;

        public void Add(QueuePlace place)
        {
            if (!lines.TryGetValue(place.Key, out var line))
            {
                lines[place.Key] = line = new();
                turns.AddLast(place.Key);
            }
            line.AddLast(place);
        }

        public QueuePlace Take()
        {
            var key = turns.First!.Value;
            turns.RemoveFirst();
            var line = lines[key];
            var place = line.First!.Value;
            line.RemoveFirst();
            if (line.Count > 0) turns.AddLast(key);
            else lines.Remove(key);
            return place;
        }

        public void Remove(QueuePlace place)
        {
            if (!lines.TryGetValue(place.Key, out var line) || !line.Remove(place) || line.Count > 0) return;
            lines.Remove(place.Key);
            turns.Remove(place.Key);
        }
    }
}

/// <summary>Whether a place was had.</summary>
internal enum QueueEntry
{
    /// <summary>Yes.</summary>
    Entered,

    /// <summary>The lane or the key's part of it is full.</summary>
    Full,

    /// <summary>The lane is no longer used; there is a new one.</summary>
    Closed,
}

/// <summary>One request's place in a lane.</summary>
internal sealed class QueuePlace(QueueLane lane, Guid key, int priority, long enteredAt) : IDisposable
{
    private readonly TaskCompletionSource turn = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim woken = new(0, 1);

    /// <summary>Its lane.</summary>
    public QueueLane Lane => lane;

    /// <summary>Whose.</summary>
    public Guid Key => key;

    /// <summary>0 = low, 1 = normal, 2 = high.</summary>
    public int Priority => priority;

    /// <summary>When it was taken, as a timestamp.</summary>
    public long EnteredAt => enteredAt;

    /// <summary>Whether it was given up; the lane's alone to change.</summary>
    internal bool HasLeft { get; set; }

    /// <summary>Ends when it is the head's turn.</summary>
    public Task Turn => turn.Task;

    /// <summary>Waits until something was freed, or so long.</summary>
    /// <exception cref="OperationCanceledException">The caller left, or the deadline came.</exception>
    public Task WaitAsync(TimeSpan atMost, CancellationToken cancellationToken) => woken.WaitAsync(atMost, cancellationToken);

    /// <summary>Nobody waits here any more.</summary>
    public void Dispose() => woken.Dispose();

    /// <summary>It is its turn.</summary>
    internal void ComeForward() => turn.TrySetResult();

    /// <summary>Something was freed.</summary>
    internal void Wake()
    {
        if (woken.CurrentCount == 0) woken.Release();
    }
}
