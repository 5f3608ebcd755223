using AspireGateway.Gateway.Accounting.Journal;
using AspireGateway.JournalChild;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

// JournalChild work|measure <data folder> <connection string>: the journal in a process that a test may kill.
if (args is not [var verb, var folder, var connectionString, ..])
{
    Console.Error.WriteLine("JournalChild work|measure <data folder> <connection string>");
    return 1;
}

var builder = Host.CreateEmptyApplicationBuilder(null);
builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
{
    ["Gateway:DataPath"] = folder,
    ["ConnectionStrings:gatewaydb"] = connectionString,
    ["Gateway:Journal:SegmentBytes"] = verb == "work" ? "1048576" : "16777216",
    ["Gateway:Journal:ShipIntervalMs"] = verb == "work" ? "20" : "200",
});
builder.AddUsageJournal();
using var host = builder.Build();
if (verb == "measure") return await Measurement.RunAsync(host);

await host.StartAsync();
var journal = host.Services.GetRequiredService<UsageJournal>();
using var reports = Console.OpenStandardOutput();
var workers = Enumerable.Range(0, 4).Select(seed => new Worker(journal, reports, seed)).ToArray();
await Task.WhenAll(workers.Select(w => Task.Factory.StartNew(w.Run, TaskCreationOptions.LongRunning)));
return 0;
