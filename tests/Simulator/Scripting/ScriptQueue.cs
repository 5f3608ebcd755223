namespace AspireGateway.Simulator.Scripting;

/// <summary>Directives that wait for the next request; with a model, for the next one that names it.</summary>
internal sealed record ScriptEntry(string? Model, Directives Directives);

/// <summary>The scripts that requests consume, oldest fitting one first. Safe for concurrent use.</summary>
internal sealed class ScriptQueue
{
    public const int Capacity = 10_000;

    private readonly LinkedList<ScriptEntry> entries = new();
    private readonly Lock gate = new();

    public int Count
    {
        get
        {
            lock (gate) return entries.Count;
        }
    }

    /// <summary>Adds all or, when the queue would overflow, none.</summary>
    public bool TryAdd(IReadOnlyCollection<ScriptEntry> added)
    {
        lock (gate)
        {
            if (entries.Count + added.Count > Capacity) return false;
            foreach (var entry in added) entries.AddLast(entry);
            return true;
        }
    }

    /// <summary>The oldest script for this model, or for any unless only those that name it count.</summary>
    public Directives Take(string model, bool orForAny = true)
    {
        lock (gate)
        {
            for (var node = entries.First; node is not null; node = node.Next)
            {
                if (node.Value.Model is { } wanted ? wanted != model : !orForAny) continue;
                entries.Remove(node);
                return node.Value.Directives;
            }
        }

        return Directives.None;
    }

    public void Clear()
    {
        lock (gate) entries.Clear();
    }
}
