using System.Diagnostics;
using AspireGateway.Gateway.Accounting;
using AspireGateway.Gateway.Accounting.Journal;
using AspireGateway.Shared.Domain;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Abstractions;

namespace AspireGateway.Gateway.Tests.Accounting.Journal;

public sealed class UsageJournalTests : IDisposable
{
    private readonly JournalScratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void OpenAndClose_LeaveOneRecord()
    {
        var id = Guid.CreateVersion7();
        using (var journal = scratch.Start())
        {
            Assert.True(journal.TryOpen(JournalScratch.Opening(id)));
            Assert.Equal((0, 1), (journal.Depth, journal.OpenCount));
            journal.Close(JournalScratch.Closing(id));
            Assert.Equal((1, 0), (journal.Depth, journal.OpenCount));
        }
        var record = Assert.Single(scratch.Outcome());
        Assert.Equal((id, UsageStatuses.Ok, 5_500), (record.Id, record.Status, record.CostNanoUsd));
    }

    [Fact]
    public void Opening_NeverClosed_IsAnOrphan()
    {
        var id = Guid.CreateVersion7();
        using (var journal = scratch.Start()) Assert.True(journal.TryOpen(JournalScratch.Opening(id)));
        Assert.Equal((id, UsageStatuses.Orphaned), (Assert.Single(scratch.Outcome()) is var r ? r.Id : default, scratch.Outcome()[0].Status));
    }

    [Fact]
    public void Refusal_WithoutAnOpening_LeavesOneRecord()
    {
        var id = Guid.CreateVersion7();
        using (var journal = scratch.Start()) Assert.True(journal.TryAppend(JournalScratch.Closing(id)));
        Assert.Equal(id, Assert.Single(scratch.Outcome()).Id);
    }

    [Fact]
    public void Folder_HeldByAnotherJournal_IsRefusedWithWhatToDo()
    {
        using var journal = scratch.Start();
        var fault = Assert.Throws<InvalidOperationException>(() => scratch.Start());
        Assert.Contains("Gateway__DataPath", fault.Message);
    }

    [Fact]
    public async Task ManyThreads_OverManySegments_LeaveEachRequestExactlyOnce()
    {
        const int Threads = 8, Each = 4_000;
        var closed = new List<Guid>[Threads];
        var left = new List<Guid>[Threads];
        using (var journal = scratch.Start(segmentBytes: 256 * 1024, flushMs: 1))
        {
            await Task.WhenAll(Enumerable.Range(0, Threads).Select(t => Task.Factory.StartNew(() =>
            {
                closed[t] = [];
                left[t] = [];
                var running = new Queue<Guid>();
                for (var i = 0; i < Each; i++)
                {
                    var id = Guid.CreateVersion7();
                    // The keeper prepares segments as fast as this disk allows; a refusal only means that it is behind.
                    while (!journal.TryOpen(JournalScratch.Opening(id))) Thread.Yield();
                    running.Enqueue(id);
                    if (i % 100 == 99) left[t].Add(running.Dequeue());
                    if (running.Count <= 5) continue;
                    var over = running.Dequeue();
                    journal.Close(JournalScratch.Closing(over));
                    closed[t].Add(over);
                }
                left[t].AddRange(running);
            }, TaskCreationOptions.LongRunning)));
            Assert.Equal(closed.Sum(c => c.Count), journal.Depth);
            Assert.Equal(left.Sum(c => c.Count), journal.OpenCount);
        }
        Assert.True(scratch.Segments().Length > 20);
        var outcome = scratch.Outcome();
        Assert.Equal(closed.SelectMany(c => c).Order(), outcome.Where(r => r.Status == UsageStatuses.Ok).Select(r => r.Id).Order());
        Assert.Equal(left.SelectMany(c => c).Order(), outcome.Where(r => r.Status == UsageStatuses.Orphaned).Select(r => r.Id).Order());
    }

    [Fact]
    public void FullJournal_RefusesOpenings_AndStillTakesEveryClosing()
    {
        var opened = new List<Guid>();
        var refusals = new List<Guid>();
        Guid other;
        using (var journal = scratch.Start(segmentBytes: 16 * 1024, maxBytes: 64 * 1024, flushMs: 1))
        {
            // Long closings below, so that the short form has to be used when room gets scarce.
            var watch = Stopwatch.StartNew();
            while (watch.ElapsedMilliseconds < 500)
            {
                var id = Guid.CreateVersion7();
                if (journal.TryOpen(JournalScratch.Opening(id))) opened.Add(id);
            }
            while (journal.TryAppend(JournalScratch.Closing(other = Guid.CreateVersion7()))) refusals.Add(other);
            Assert.InRange(opened.Count, 10, 32);
            foreach (var id in opened)
            {
                var record = JournalScratch.Record(id);
                record.UserId = new string('u', 1_000);
                record.Error = new string('e', 1_000);
                record.Tags = "{\"a\":\"" + new string('x', 5_000) + "\"}";
                journal.Close(new JournalClosing(record, new byte[3_000].Select(_ => (byte)' ').ToArray()));
            }
            Assert.Equal(opened.Count + refusals.Count, journal.Depth);
        }
        Assert.True(scratch.Segments().Sum(s => (long)s.Size) <= 64 * 1024);
        var outcome = scratch.Outcome();
        Assert.Equal(opened.Concat(refusals).Order(), outcome.Select(r => r.Id).Order());
        Assert.All(outcome, r => Assert.Equal((UsageStatuses.Ok, 5_500), (r.Status, r.CostNanoUsd)));
    }

    [Fact]
    public async Task FullJournal_TakesOpeningsAgain_WhenSegmentsHaveGone()
    {
        using var journal = scratch.Start(segmentBytes: 16 * 1024, maxBytes: 64 * 1024, flushMs: 1);
        var status = new UsageJournalStatus(journal, new RejectedRecords(scratch.Folder, NullLogger.Instance), TimeProvider.System);
        var health = new JournalHealth(journal, status);
        var last = 0L;
        Assert.Equal(HealthStatus.Healthy, (await health.CheckHealthAsync(new HealthCheckContext())).Status);
        await JournalScratch.Until(() => !journal.TryAppend(JournalScratch.Closing(Guid.CreateVersion7())) && !journal.IsAccepting, "the journal to be full");
        Assert.Equal(HealthStatus.Unhealthy, (await health.CheckHealthAsync(new HealthCheckContext())).Status);
        while (journal.SegmentFrom(last + 1) is { } segment) last = segment.Number;
        while (journal.TakeFinished(new JournalPosition(last, 0)) is { } done) done.Delete();
        journal.WakeKeeper();
        await JournalScratch.Until(() => journal.IsAccepting, "room again");
        Assert.True(journal.TryOpen(JournalScratch.Opening(Guid.CreateVersion7())));
        Assert.Equal(HealthStatus.Healthy, (await health.CheckHealthAsync(new HealthCheckContext())).Status);
        // The keeper takes openings again before it says so.
        await JournalScratch.Until(() => scratch.Log.Count >= 2, "the line that says so");
        Assert.Equal(["Error", "Information"], scratch.Log.Select(l => l.Split(':')[0]));
    }

    [Fact]
    public async Task Depth_AboveItsThreshold_IsDegraded()
    {
        using var journal = scratch.Start(degradedDepth: 3);
        var health = new JournalHealth(journal, new UsageJournalStatus(journal, new RejectedRecords(scratch.Folder, NullLogger.Instance), TimeProvider.System));
        for (var i = 0; i < 3; i++) Assert.True(journal.TryAppend(JournalScratch.Closing(Guid.CreateVersion7())));
        Assert.Equal(HealthStatus.Healthy, (await health.CheckHealthAsync(new HealthCheckContext())).Status);
        Assert.True(journal.TryAppend(JournalScratch.Closing(Guid.CreateVersion7())));
        Assert.Equal(HealthStatus.Degraded, (await health.CheckHealthAsync(new HealthCheckContext())).Status);
    }

    [Theory]
    [InlineData("SegmentBytes", "5000")]
    [InlineData("SegmentBytes", "17000")]
    [InlineData("MaxBytes", "1000000")]
    [InlineData("FlushIntervalMs", "soon")]
    public void Setting_OutOfItsRange_IsRefusedByName(string name, string value)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new($"Gateway:Journal:{name}", value)]).Build();
        Assert.Contains($"Gateway:Journal:{name}", Assert.Throws<InvalidOperationException>(() => JournalOptions.From(configuration)).Message);
    }

    [Fact]
    public async Task LongRequest_DoesNotHoldItsSegment_WhenItsOpeningIsCarriedOn()
    {
        var id = Guid.CreateVersion7();
        using (var journal = scratch.Start(segmentBytes: 16 * 1024, flushMs: 1))
        {
            Assert.True(journal.TryOpen(JournalScratch.Opening(id)));
            var first = journal.SegmentFrom(0)!;
            await JournalScratch.Until(() =>
            {
                journal.TryAppend(JournalScratch.Closing(Guid.CreateVersion7()));
                return journal.SegmentFrom(first.Number + 5) is not null;
            }, "five segments");
            var shippedTo = new JournalPosition(first.Number + 5, 0);
            Assert.Null(journal.TakeFinished(shippedTo));
            var held = Assert.Single(journal.HoldingBack(shippedTo, 4));
            Assert.Equal((first, id), (held.Segment, held.Id));
            using (var reader = new SegmentReader(first, held.Offset, new byte[SegmentReader.MinWindow]))
            {
                Assert.True(reader.TryNext(first.Head, out _, out _, out var payload));
                Assert.True(journal.TryCarry(first, id, held.Offset, payload));
            }
            Assert.Empty(journal.HoldingBack(shippedTo, 4));
            while (journal.TakeFinished(shippedTo) is { } done) done.Delete();
            Assert.True(journal.SegmentFrom(0)!.Number >= first.Number + 5);
            Assert.Equal(1, journal.OpenCount);
        }
        Assert.Equal(id, Assert.Single(scratch.Outcome(), r => r.Status == UsageStatuses.Orphaned).Id);
    }

    [Fact]
    public void OpenAndClose_InSteadyState_AllocateNothing()
    {
        using var journal = scratch.Start(segmentBytes: 4 * 1024 * 1024);
        var record = JournalScratch.Record(Guid.CreateVersion7());
        var opening = JournalScratch.Opening(record.Id);
        Round(journal, opening, record, 500);
        // The lock makes itself an event when two threads first meet in it; that may fall into one of the rounds, not into all.
        var least = long.MaxValue;
        for (var i = 0; i < 5 && least > 0; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Round(journal, opening, record, 500);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        Assert.Equal(0, least);
    }

    private static void Round(UsageJournal journal, in JournalOpening opening, UsageRecord record, int count)
    {
        for (var i = 0; i < count; i++)
        {
            if (!journal.TryOpen(opening)) throw new InvalidOperationException("no room");
            journal.Close(new JournalClosing(record, JournalScratch.Journey));
        }
    }
}
