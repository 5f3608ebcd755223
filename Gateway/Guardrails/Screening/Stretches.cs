using AspireGateway.Gateway.Guardrails.Detection;

namespace AspireGateway.Gateway.Guardrails.Screening;

/// <summary>Stretches that several guardrails want masked. Where they overlap the whole is masked once: what one of them found must not stay because another found less.</summary>
internal sealed class Stretches
{
    private readonly List<(Finding Finding, bool Restores)> all = [];

    /// <summary>Whether nothing is to be masked.</summary>
    public bool IsEmpty => all.Count == 0;

    /// <summary>Forgets all.</summary>
    public void Clear() => all.Clear();

    /// <summary>Adds one.</summary>
    public void Add(Finding finding, bool restores) => all.Add((finding, restores));

    /// <summary>By place, without overlaps. A merged one has the type of its longest part, and is restored only if all parts are.</summary>
    public IEnumerable<(Finding Finding, bool Restores)> Merged()
    {
        if (all.Count > 1) all.Sort(static (a, b) => a.Finding.Start.CompareTo(b.Finding.Start));
        for (var i = 0; i < all.Count;)
        {
            var (longest, restores) = all[i];
            var (start, end) = (longest.Start, longest.End);
            for (i++; i < all.Count && all[i].Finding.Start < end; i++)
            {
                var (next, nextRestores) = all[i];
                if (next.Length > longest.Length) longest = next;
                end = Math.Max(end, next.End);
                restores &= nextRestores;
            }
            yield return (longest with { Start = start, Length = end - start }, restores);
        }
    }
}
