namespace AspireGateway.Simulator.Recording;

/// <summary>The last requests in a ring of fixed size, their bodies within a fixed sum of bytes. Safe for concurrent use.</summary>
internal sealed class RequestLog(SimulatorOptions options, TimeProvider clock)
{
    private readonly RecordedRequest?[] ring = new RecordedRequest?[options.RememberedRequests];
    private readonly Lock gate = new();
    private long last, clearedUpTo, oldestWithBody = 1, bodyBytes;
    private TaskCompletionSource? changed;

    /// <summary>The id given last.</summary>
    public long Last
    {
        get
        {
            lock (gate) return last;
        }
    }

    public void Add(RecordedRequest request)
    {
        lock (gate)
        {
            request.Id = ++last;
            ref var slot = ref ring[request.Id % ring.Length];
            if (slot is { } old) DropBody(old);
            slot = request;
        }

        Changed();
    }

    /// <summary>Keeps a body as long as there is room, and tells those who wait for one to have come.</summary>
    public void KeepBody(RecordedRequest request, byte[] body)
    {
        lock (gate)
        {
            if (At(request.Id) != request) return;
            request.Body = body;
            bodyBytes += body.Length;
            for (; bodyBytes > options.RememberedBodyBytes && oldestWithBody <= last; oldestWithBody++)
                if (At(oldestWithBody) is { } old) DropBody(old);
            // Concurrent callers may keep bodies out of order; one kept behind the mark would never be dropped.
            oldestWithBody = Math.Min(oldestWithBody, request.Id);
        }

        Changed();
    }

    public void Finish(RecordedRequest request)
    {
        request.DurationMs = (clock.GetUtcNow() - request.ReceivedAt).TotalMilliseconds;
        request.Finished = true;
        Changed();
    }

    /// <summary>Those with an id above the given one, oldest first, at most <paramref name="limit"/>.</summary>
    public List<RecordedRequest> Since(long id, int limit = int.MaxValue)
    {
        lock (gate)
        {
            var from = Math.Max(Math.Max(id, clearedUpTo), last - ring.Length) + 1;
            var found = new List<RecordedRequest>();
            for (; from <= last && found.Count < limit; from++)
                if (At(from) is { } request) found.Add(request);
            return found;
        }
    }

    public void Clear()
    {
        lock (gate)
        {
            Array.Clear(ring);
            clearedUpTo = last;
            oldestWithBody = last + 1;
            bodyBytes = 0;
        }
    }

    public async Task<RecordedRequest> WaitAsync(Func<RecordedRequest, bool> condition, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        while (true)
        {
            var change = NextChange();
            foreach (var request in Since(0))
                if (condition(request)) return request;
            try
            {
                await change.WaitAsync(either.Token);
            }
            catch (OperationCanceledException e) when (deadline.IsCancellationRequested)
            {
                throw new TimeoutException($"No request of {Since(0).Count} fulfilled the condition within {timeout.TotalSeconds:0.#} s.", e);
            }
        }
    }

    /// <summary>Wakes those who wait for a condition; cheap while nobody does.</summary>
    public void Changed()
    {
        TaskCompletionSource? waiting;
        lock (gate) (waiting, changed) = (changed, null);
        waiting?.TrySetResult();
    }

    private Task NextChange()
    {
        lock (gate) return (changed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
    }

    private RecordedRequest? At(long id) => ring[id % ring.Length] is { } request && request.Id == id ? request : null;

    private void DropBody(RecordedRequest request)
    {
        if (request.Body is not { } body) return;
        bodyBytes -= body.Length;
        request.Body = null;
    }
}
