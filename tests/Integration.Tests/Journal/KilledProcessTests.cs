using System.Diagnostics;
using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Integration.Tests.Journal;

public sealed class KilledProcessTests(StoresFixture stores) : IDisposable
{
    private const int Kills = 20;
    private const int FrameBytes = 17;

    private readonly string folder = Directory.CreateTempSubdirectory("journal-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    /// <summary>
    /// The promise itself: a process that opens, closes, recovers and ships is killed at twenty random moments. Whatever it had said to be closed has its one
    /// record, whatever it had only opened has one too.
    /// </summary>
    [Fact]
    public async Task Process_KilledAgainAndAgain_LeavesEachRequestExactlyOneRecord()
    {
        var database = await stores.Postgres.CreateDatabaseAsync();
        var random = new Random(7);
        HashSet<Guid> opened = [], closed = [];
        for (var kill = 0; kill < Kills; kill++)
        {
            using var child = Start(database);
            try
            {
                var works = new TaskCompletionSource();
                var reading = ReadAsync(child.StandardOutput.BaseStream, opened, closed, works);
                // Some die before they have done anything: in the recovery of what the last one left.
                if (kill % 4 == 3) await Task.Delay(random.Next(60, 400));
                else await works.Task.WaitAsync(TimeSpan.FromSeconds(60));
                await Task.WhenAny(reading, Task.Delay(random.Next(0, 600)));
                child.Kill();
                await reading;
            }
            finally
            {
                child.Kill();
            }
            await child.WaitForExitAsync();
        }
        Assert.True(closed.Count > 1_000, $"only {closed.Count} requests were closed");
        Assert.True(opened.Count > closed.Count);

        await using (var rig = await JournalRig.StartAsync(Path.Combine(folder, "journal"), database)) await rig.EmptyAsync(seconds: 120);

        var records = await JournalRig.RecordsAsync(database);
        var byId = records.ToLookup(r => r.Id);
        Assert.Equal(records.Count, byId.Count);
        Assert.DoesNotContain(closed, id => byId[id].SingleOrDefault()?.Status != UsageStatuses.Ok);
        Assert.DoesNotContain(opened, id => byId[id].Count() != 1);
        // The rest are requests that a process had no time left to report.
        var orphans = records.Where(r => r.Status == UsageStatuses.Orphaned).ToList();
        Assert.True(orphans.Count > 0);
        Assert.All(orphans, o => Assert.Equal((500, true, 1_234_567), (o.StatusCode, o.Estimated, o.CostNanoUsd)));
    }

    private Process Start(string database) => Process.Start(new ProcessStartInfo(Environment.ProcessPath is { } path && Path.GetFileName(path) == "dotnet" ? path : "dotnet")
    {
        ArgumentList = { Path.Combine(AppContext.BaseDirectory, "JournalChild.dll"), "work", folder, database },
        RedirectStandardOutput = true,
        UseShellExecute = false,
    })!;

    private static async Task ReadAsync(Stream reports, HashSet<Guid> opened, HashSet<Guid> closed, TaskCompletionSource works)
    {
        var frame = new byte[FrameBytes];
        while (await reports.ReadAtLeastAsync(frame, FrameBytes, throwOnEndOfStream: false) == FrameBytes)
        {
            works.TrySetResult();
            var id = new Guid(frame.AsSpan(1));
            Assert.True(frame[0] == 'O' ? opened.Add(id) : frame[0] == 'C' && closed.Add(id));
        }
    }
}
