using System.Globalization;
using AspireGateway.CacheReport;

// Measures the semantic cache on questions that it makes itself, the same ones each time.
//   dotnet run -c Release --project tests/CacheReport -- quality | misses [THRESHOLD] | speed | memory REDIS [REQUESTS]
switch (args)
{
    case ["quality"]:
        QualityReport.Write(Console.Out);
        return 0;
    case ["misses", .. var threshold]:
        QualityReport.WriteMisses(Console.Out, threshold is [var text] ? float.Parse(text, CultureInfo.InvariantCulture) : 0.85f);
        return 0;
    case ["speed"]:
        SpeedReport.Write(Console.Out);
        return 0;
    case ["memory", var redis, .. var requests]:
        return await MemoryReport.WriteAsync(Console.Out, redis, requests is [var count] ? int.Parse(count, CultureInfo.InvariantCulture) : 1_000_000) ? 0 : 1;
    default:
        Console.Error.WriteLine("usage: CacheReport quality | misses [THRESHOLD] | speed | memory REDIS [REQUESTS]");
        return 2;
}
