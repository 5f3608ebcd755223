using System.Diagnostics;
using AspireGateway.Gateway.Accounting.Journal;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AspireGateway.JournalChild;

/// <summary>Prints what the journal costs: nanoseconds and bytes per entry, then CPU time per record of shipping, at a given rate and flat out.</summary>
internal static class Measurement
{
    private const int Records = 100_000;

    private static readonly TimeSpan TierUp = TimeSpan.FromMilliseconds(300);

    public static async Task<int> RunAsync(IHost host)
    {
        var journal = host.Services.GetRequiredService<UsageJournal>();
        var requests = Enumerable.Range(0, Records).Select(Requests.Record).ToArray();
        var closings = Array.ConvertAll(requests, Requests.Closing);
        var openings = Array.ConvertAll(requests, Requests.Opening);

        var (bytes, request) = (journal.View().AppendedBytes, requests[0]);
        _ = journal.TryOpen(Requests.Opening(request));
        var openingBytes = journal.View().AppendedBytes - bytes;
        journal.Close(Requests.Closing(request));
        Console.WriteLine($"an opening takes {openingBytes} bytes, a closing {journal.View().AppendedBytes - bytes - openingBytes}");
        var refused = 0;
        for (var round = 0; round < 5; round++)
        {
            var warm = Enumerable.Range(0, 20_000).Select(Requests.Record).ToArray();
            var opened = Stopwatch.GetTimestamp();
            foreach (var r in warm)
                if (!journal.TryOpen(Requests.Opening(r))) refused++;
            var open = Stopwatch.GetElapsedTime(opened);
            var closed = Stopwatch.GetTimestamp();
            foreach (var r in warm) journal.Close(Requests.Closing(r));
            var close = Stopwatch.GetElapsedTime(closed);
            Console.WriteLine($"round {round}: {open.TotalNanoseconds / warm.Length:0} ns/open {close.TotalNanoseconds / warm.Length:0} ns/close, refused {refused}");
            // The compiler makes what was called often faster behind our back, and tells nobody when it is done.
            await Task.Delay(TierUp);
        }

        // One at a time, as requests do: the slowest tell whether anything on the way waits for a disk.
        var slowest = new double[Records];
        var all = Stopwatch.GetTimestamp();
        for (var i = 0; i < Records; i++)
        {
            var start = Stopwatch.GetTimestamp();
            if (!journal.TryOpen(openings[i])) refused++;
            journal.Close(closings[i]);
            slowest[i] = Stopwatch.GetElapsedTime(start).TotalNanoseconds;
            // About 20,000 requests a second.
            if (i % 20 == 0) SpinWait.SpinUntil(() => Stopwatch.GetElapsedTime(all).TotalMilliseconds * 20 >= i, 5);
        }
        Array.Sort(slowest);
        Console.WriteLine($"open + close at 20k/s: p50 {slowest[Records / 2]:0} ns, p99 {slowest[Records * 99 / 100]:0} ns, p99.9 {slowest[Records * 999 / 1000]:0} ns, worst {slowest[^1] / 1000:0} us, refused {refused}");

        await host.StartAsync();
        var status = host.Services.GetRequiredService<UsageJournalStatus>();
        await ShippedAsync(journal, status, "first, cold");
        for (var round = 0; round < 3; round++)
        {
            foreach (var number in Enumerable.Range(0, Records)) _ = journal.TryAppend(Requests.Closing(Requests.Record(number)));
            await ShippedAsync(journal, status, "flat out");
        }
        // On a thread of its own: waiting on the pool would be measured with it, its threads spin before they sleep.
        var steady = new Thread(() =>
        {
            for (var round = 0; round < 3; round++) Steady(journal);
        });
        steady.Start();
        steady.Join();
        Console.WriteLine($"working set {Environment.WorkingSet >> 20} MiB, journal {journal.BytesOnDisk >> 20} MiB, gen0 {GC.CollectionCount(0)}");
        await host.StopAsync();
        return 0;
    }

    private static void Steady(UsageJournal journal)
    {
        var records = Enumerable.Range(0, 25_000).Select(Requests.Record).ToArray();
        var (cpu, at) = (Process.GetCurrentProcess().TotalProcessorTime, Stopwatch.GetTimestamp());
        for (var i = 0; i < records.Length; i += 50)
        {
            foreach (var r in records.AsSpan(i, 50))
            {
                _ = journal.TryOpen(Requests.Opening(r));
                journal.Close(Requests.Closing(r));
            }
            Thread.Sleep(10);
        }
        while (journal.Depth > 0) Thread.Sleep(20);
        var used = Process.GetCurrentProcess().TotalProcessorTime - cpu;
        Console.WriteLine($"steady {records.Length / Stopwatch.GetElapsedTime(at).TotalSeconds:0}/s: {used.TotalMicroseconds / records.Length:0.00} us CPU per record, everything included");
    }

    private static async Task ShippedAsync(UsageJournal journal, UsageJournalStatus status, string what)
    {
        var (cpu, at, records) = (Process.GetCurrentProcess().TotalProcessorTime, Stopwatch.GetTimestamp(), status.ShippedCount);
        while (!status.IsRecovered || journal.Depth > 0) await Task.Delay(2);
        var (used, took, count) = (Process.GetCurrentProcess().TotalProcessorTime - cpu, Stopwatch.GetElapsedTime(at), status.ShippedCount - records);
        Console.WriteLine($"shipping {what}: {count} records, {count / took.TotalSeconds:0}/s, {used.TotalMicroseconds / count:0.00} us CPU per record");
    }
}
