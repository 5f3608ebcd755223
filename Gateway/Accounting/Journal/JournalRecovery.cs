namespace AspireGateway.Gateway.Accounting.Journal;

/// <summary>
/// Looks through what earlier processes left. It writes nothing: an opening without a closing already holds the record that an orphan gets, and the shipper
/// copies it to Postgres under the opening's own id. So a process that is killed while it recovers leaves exactly what it found, a full disk is no
/// obstacle, and doing it twice changes nothing.
/// </summary>
internal static class JournalRecovery
{
    /// <summary>Finds orphans, counts what Postgres does not have yet, marks damaged segments.</summary>
    /// <exception cref="IOException">The disk refused.</exception>
    public static RecoveredJournal Run(IReadOnlyList<JournalSegment> segments, JournalPosition shippedTo, CancellationToken cancellationToken)
    {
        var open = new Dictionary<Guid, (JournalSegment Segment, int Offset)>();
        var window = new byte[1024 * 1024];
        var closings = 0L;
        var torn = 0;
        foreach (var segment in segments)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var reader = new SegmentReader(segment, 0, window);
            while (reader.TryNext(segment.Head, out var kind, out var at, out var payload))
            {
                var id = RecordEncoder.IdOf(JournalEntry.RecordOf(payload));
                if (kind == EntryKind.Opening)
                {
                    open[id] = (segment, at);
                }
                else
                {
                    open.Remove(id);
                    if (segment.Number > shippedTo.Segment || (segment.Number == shippedTo.Segment && at >= shippedTo.Offset)) closings++;
                }
            }
            segment.IsDamaged = reader.DamagedBytes > 0;
            if (reader.HasTornTail) torn++;
        }
        return new RecoveredJournal([.. open.Values.OrderBy(o => o.Segment.Number).ThenBy(o => o.Offset)], closings, torn);
    }
}

/// <summary>What a recovery found.</summary>
/// <param name="Orphans">Openings without a closing, oldest first.</param>
/// <param name="Closings">Closings that Postgres may not have yet.</param>
/// <param name="TornSegments">Segments that end in an entry that was not written whole.</param>
internal sealed record RecoveredJournal(IReadOnlyList<(JournalSegment Segment, int Offset)> Orphans, long Closings, int TornSegments);
