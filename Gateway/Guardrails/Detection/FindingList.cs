using System.Runtime.InteropServices;

namespace AspireGateway.Gateway.Guardrails.Detection;

/// <summary>What was found in one text. Not for several threads.</summary>
internal sealed class FindingList
{
    private List<Finding> findings = [];
    private List<Finding> chosen = [];

    /// <summary>How many.</summary>
    public int Count => findings.Count;

    /// <summary>All, in the order in which they were added, or by place after <see cref="Settle"/>.</summary>
    public ReadOnlySpan<Finding> All => CollectionsMarshal.AsSpan(findings);

    /// <summary>Adds one.</summary>
    public void Add(Finding finding) => findings.Add(finding);

    /// <summary>Forgets all.</summary>
    public void Clear() => findings.Clear();

    /// <summary>Forgets those that are less sure.</summary>
    public void RemoveBelow(double score) => findings.RemoveAll(finding => finding.Score < score);

    /// <summary>Forgets those of these types.</summary>
    public void Remove(IReadOnlySet<string> types) => findings.RemoveAll(finding => types.Contains(finding.Type));

    /// <summary>Forgets those of which something holds.</summary>
    public void RemoveWhere<T>(T known, Func<Finding, T, bool> holds) => findings.RemoveAll(finding => holds(finding, known));

    /// <summary>
    /// Leaves findings that do not overlap, ordered by place. Of two that do, the higher score stands, then the longer, then the earlier: a
    /// stretch that is masked is masked once.
    /// </summary>
    public void Settle()
    {
        if (findings.Count < 2) return;
        findings.Sort(static (a, b) =>
            a.Score != b.Score ? b.Score.CompareTo(a.Score) : a.Length != b.Length ? b.Length.CompareTo(a.Length) : a.Start.CompareTo(b.Start));
        chosen.Clear();
        foreach (var finding in findings)
        {
            var place = PlaceOf(finding.Start);
            if (place > 0 && chosen[place - 1].End > finding.Start) continue;
            if (place < chosen.Count && chosen[place].Start < finding.End) continue;
            chosen.Insert(place, finding);
        }
        (findings, chosen) = (chosen, findings);
    }

    /// <summary>The first of the chosen that begins at <paramref name="start"/> or later.</summary>
    private int PlaceOf(int start)
    {
        var (low, high) = (0, chosen.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (chosen[middle].Start < start) low = middle + 1;
            else high = middle;
        }
        return low;
    }
}
