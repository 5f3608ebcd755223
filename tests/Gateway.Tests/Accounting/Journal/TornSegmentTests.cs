using AspireGateway.Gateway.Accounting.Journal;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Gateway.Tests.Accounting.Journal;

public sealed class TornSegmentTests : IDisposable
{
    private readonly JournalScratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void LastEntry_CutAtEveryByte_IsLeftOutAndReported()
    {
        var (first, second, path, at, end) = TwoRecords();
        var whole = File.ReadAllBytes(path);
        for (var cut = at; cut < end; cut++)
        {
            var torn = (byte[])whole.Clone();
            // The header word goes out last: cut there, the rest is already in place, so both orders are tried.
            torn.AsSpan(cut, end - cut).Clear();
            File.WriteAllBytes(path, torn);
            var found = JournalRecovery.Run(scratch.Segments(), default, default);
            // Bytes 8 to 11 of an entry are its checksum, behind the payload zeros may be part of it: what is left is torn unless nothing of it is left.
            var lost = !torn.AsSpan().SequenceEqual(whole);
            Assert.Equal(lost ? 1 : 2, found.Closings);
            Assert.Equal(lost && cut > at ? 1 : 0, found.TornSegments);
            Assert.Equal(lost ? [second] : Array.Empty<Guid>(), found.Orphans.Select(o => IdAt(o.Segment, o.Offset)));
            Assert.False(scratch.Segments()[0].IsDamaged);
            Assert.Contains(scratch.Outcome(), r => r.Id == first && r.Status == UsageStatuses.Ok);
        }
    }

    [Fact]
    public void File_CutShortAtEveryByte_GivesWhatIsWholeBeforeTheCut()
    {
        var (first, second, path, at, end) = TwoRecords();
        var whole = File.ReadAllBytes(path);
        for (var cut = end - 1; cut >= at; cut -= 7)
        {
            File.WriteAllBytes(path, whole.AsSpan(0, cut));
            var outcome = scratch.Outcome();
            Assert.Equal([first, second], outcome.Select(r => r.Id));
            // Only padding behind the payload may go without loss.
            if (cut < end - 8) Assert.Equal(UsageStatuses.Orphaned, outcome[1].Status);
        }
    }

    [Fact]
    public void Damage_InTheMiddle_CostsOnlyWhatItHit()
    {
        var ids = new List<Guid>();
        using (var journal = scratch.Start())
            for (var i = 0; i < 200; i++)
            {
                ids.Add(Guid.CreateVersion7());
                Assert.True(journal.TryAppend(JournalScratch.Closing(ids[i])));
            }
        var path = scratch.Segments()[0].Path;
        var bytes = File.ReadAllBytes(path);
        bytes.AsSpan(20_000, 3).Fill(0xEE);
        bytes.AsSpan(40_000, 4_096).Clear();
        File.WriteAllBytes(path, bytes);
        var segments = scratch.Segments();
        var found = JournalRecovery.Run(segments, default, default);
        Assert.True(segments[0].IsDamaged);
        var size = 200_000 / 200;
        Assert.InRange(found.Closings, 200 - 1 - 4_096 / (size / 4) - 2, 198);
        var read = scratch.Outcome().Select(r => r.Id).ToHashSet();
        Assert.Contains(ids[0], read);
        Assert.Contains(ids[^1], read);
        Assert.Equal(found.Closings, read.Count);
    }

    private (Guid First, Guid Second, string Path, int At, int End) TwoRecords()
    {
        Guid first = Guid.CreateVersion7(), second = Guid.CreateVersion7();
        string path;
        int at, end;
        using (var journal = scratch.Start(segmentBytes: 16 * 1024))
        {
            Assert.True(journal.TryOpen(JournalScratch.Opening(first)));
            Assert.True(journal.TryOpen(JournalScratch.Opening(second)));
            journal.Close(JournalScratch.Closing(first));
            var segment = journal.SegmentFrom(0)!;
            path = segment.Path;
            at = segment.Head;
            journal.Close(JournalScratch.Closing(second));
            end = segment.Head;
        }
        return (first, second, path, at, end);
    }

    private static Guid IdAt(JournalSegment segment, int offset)
    {
        using var reader = new SegmentReader(segment, offset, new byte[SegmentReader.MinWindow]);
        Assert.True(reader.TryNext(segment.Head, out _, out _, out var payload));
        return RecordEncoder.IdOf(JournalEntry.RecordOf(payload));
    }
}
