using System.Globalization;

namespace AspireGateway.Shared.Schemas;

/// <summary>One pass of an instance through a schema: where it is, how far it may still go, and what was found amiss.</summary>
/// <param name="most">The most mismatches that are collected; 0 = none, whoever asks wants to know only whether there is one.</param>
internal sealed class SchemaCheck(int most)
{
    private readonly List<SchemaMismatch> found = [];
    private readonly List<string> path = [];
    private int tries;

    /// <summary>Steps so far.</summary>
    public int Steps { get; set; }

    /// <summary>What was found.</summary>
    public IReadOnlyList<SchemaMismatch> Found => found;

    /// <summary>Whether there is a point in looking further after a mismatch.</summary>
    public bool GoesOn => tries == 0 && found.Count < most;

    /// <summary>Goes to a property.</summary>
    public void Enter(string name)
    {
        if (most > 0) path.Add(name);
    }

    /// <summary>Goes to an item.</summary>
    public void Enter(int index)
    {
        if (most > 0) path.Add(index.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Goes back.</summary>
    public void Leave()
    {
        if (most > 0) path.RemoveAt(path.Count - 1);
    }

    /// <summary>Begins to look at an alternative, whose mismatches are not told.</summary>
    public void Try() => tries++;

    /// <summary>Ends it.</summary>
    public void EndTry() => tries--;

    /// <summary>Notes that a keyword is not kept here; always false.</summary>
    public bool Fails(string keyword)
    {
        if (GoesOn) found.Add(new(string.Concat(path.Select(static name => "/" + name)), keyword));
        return false;
    }
}
