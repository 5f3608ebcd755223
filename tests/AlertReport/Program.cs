using System.Globalization;
using AspireGateway.AlertReport;

// Simulates months of callers and says how soon a runaway is found and how often nothing was the matter.
//   dotnet run -c Release --project tests/AlertReport -- [CALLERS [MONTHS [TIMES [SEED]]]]
var numbers = args.Select(a => int.Parse(a, CultureInfo.InvariantCulture)).ToArray();
var (callers, months, times, seed) = (numbers.ElementAtOrDefault(0) is > 0 and var c ? c : 100, numbers.ElementAtOrDefault(1) is > 0 and var m ? m : 3, numbers.ElementAtOrDefault(2) is > 0 and var t ? t : 10, numbers.ElementAtOrDefault(3));
var result = Months.Run(callers, months, times, (ulong)seed + 1);
result.Delays.Sort();
Console.WriteLine($"callers {callers}, months of four weeks {months}, runaway {times}x, seed {seed}");
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"false alerts: {result.FalseAlerts}, {result.FalsePerHundred:0.00} a month of a hundred callers"));
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"runaways raised within ten minutes: {result.Found.Sum()} of {result.Runs.Sum()} ({100 * result.FoundShare:0.0} %)"));
for (var i = 0; i < 2; i++)
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {(i == 0 ? "that cost and ask enough to be told" : "below that")}: {result.Found[i]} of {result.Runs[i]} ({100.0 * result.Found[i] / Math.Max(1, result.Runs[i]):0.0} %)"));
if (result.Delays.Count > 0) Console.WriteLine($"minutes until raised: median {result.Delays[result.Delays.Count / 2]}, 95th percentile {result.Delays[(int)(result.Delays.Count * 0.95)]}");
