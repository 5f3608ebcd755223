// Plays a working day in minutes through the replicas that day.sh started, and says whether it left everything as it should be. Started by day.sh.
using System.Diagnostics;
using System.Globalization;
using System.Net.Http;
using Npgsql;
using StackExchange.Redis;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var settings = Settings.Read();
await using var books = NpgsqlDataSource.Create(settings.Database);
using var connection = await ConnectionMultiplexer.ConnectAsync(settings.Redis + ",allowAdmin=true");
var server = connection.GetServer(connection.GetEndPoints()[0]);
var office = new Office(settings);
var house = await office.FurnishAsync();
// The evening before brings the processes to where a day finds them; it is booked as everything is.
// Its first hour rises from nothing, as a replica that was just started is given its share.
double EveDue(double hours) => settings.Requests / 24.0 * (hours < 1 ? hours * hours / 2 : hours - 0.5);
var eve = (int)EveDue(settings.EveHours);
var calls = new Calls(settings.Requests + eve + 1000);
var (caller, watch) = (new Caller(settings, house, calls), new Watch(settings, server));
using var http = new HttpClient();
await Task.Delay(3000);
Console.WriteLine("hour  requests  running | of each replica: RSS MiB, heap MiB, handles, threads, journal | portal RSS MiB, Redis MiB");

var clock = Stopwatch.StartNew();
// The clock of callers has a thread of its own: what else this process does must not stop it.
var start = -settings.EveHours;
var ended = false;
double Hour() => start + clock.Elapsed.TotalSeconds / settings.HourSeconds;
var sender = new Thread(() =>
{
    for (var hour = Hour(); hour < 24; hour = Hour())
    {
        var due = hour < 0 ? EveDue(hour - start) : eve + Day.DueAt(hour, settings.Requests);
        while (calls.Count < due)
        {
            // A bound for this process; requests that it holds back are sent later and counted.
            if (Volatile.Read(ref calls.Running) > 2000) { calls.HeldBack++; break; }
            caller.Next();
        }
        Thread.Sleep(4);
    }
    ended = true;
});
sender.Start();

var guest = default((Guid Id, string Secret));
var (at, sent) = (start - 1, 0);
while (!ended)
{
    var hour = Hour();
    if ((int)Math.Floor(hour) is var whole && whole > at && whole < 24)
    {
        if (at >= start) Tell(at);
        (at, sent) = (whole, calls.Count);
        await http.PostAsync($"{settings.Mock}/knobs?{Day.KnobsOf(whole)}", null);
        guest = await office.KeyAsync(house.Teams["guests"], $"guest of hour {whole}");
        house.Guest = guest.Secret;
        if (whole == 12) await office.CallAsync(HttpMethod.Post, $"budgets/{house.Thrifty}/raise", new { amount_usd = 0.30m, until = DateTimeOffset.UtcNow.AddHours(6), reason = "noon" });
    }
    // Before its hour ends: what it still sends is refused.
    if (hour - Math.Floor(hour) > 0.9 && guest.Id != Guid.Empty)
    {
        await office.RevokeAsync(guest.Id);
        guest = default;
    }
    await watch.LookAsync(hour);
    await Task.Delay(1000);
}
Tell(at);
sender.Join();
var minutes = clock.Elapsed.TotalMinutes;
await http.PostAsync($"{settings.Mock}/knobs?{Day.KnobsOf(0)}", null);
for (var i = 0; i < 600 && calls.Running > 0; i++) await Task.Delay(100);
Console.WriteLine($"\n{calls.Count:#,##0} requests in {minutes:0.0} minutes ({calls.Count / minutes / 60:0} a second; over a day of 24 hours {settings.Requests / 86400.0:0.0} a second), at most {calls.MostRunning} at once, held back {calls.HeldBack} times, still running {calls.Running}");

var checks = new Checks(settings, calls, watch, connection.GetDatabase(), books);
await checks.DrainAsync();
await checks.MemoryAsync();
await checks.RecordsAsync();
await checks.CountersAsync();
await checks.LedgerAsync();
await checks.RollUpsAsync();
return checks.HasFailed ? 1 : 0;

void Tell(int hour)
{
    var replicas = Enumerable.Range(0, settings.Gateways.Length).Select(i => string.Join(", ", new Func<Watch.Look, double>[] { l => l.RssMiB, l => l.HeapMiB, l => l.Handles, l => l.Threads, l => l.Journal }
        .Select(of => watch.Median(i, hour, hour + 1, of).ToString("0", CultureInfo.InvariantCulture))));
    Console.WriteLine($"{(hour < 0 ? "eve" : hour.ToString("00")),4} {calls.Count - sent,9} {calls.Running,8} | {string.Join(" | ", replicas)} | {watch.Median(0, hour, hour + 1, l => l.Portal):0}, {watch.Median(0, hour, hour + 1, l => l.Redis):0.0}");
}
