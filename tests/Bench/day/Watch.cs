using System.Globalization;
using StackExchange.Redis;

/// <summary>What the processes use, looked at each second.</summary>
sealed class Watch(Settings settings, IServer redis)
{
    readonly HttpClient http = new();

    /// <summary>A look at one gateway.</summary>
    public sealed record Look(double Hour, int Gateway, double RssMiB, double HeapMiB, int Handles, int Threads, long Journal, double Portal, double Redis);

    public List<Look> Looks { get; } = [];

    public async Task LookAsync(double hour)
    {
        var portal = Rss(settings.PortalPid);
        var memory = double.Parse(redis.Info("memory").SelectMany(g => g).First(p => p.Key == "used_memory").Value, CultureInfo.InvariantCulture) / 1048576;
        for (var i = 0; i < settings.Gateways.Length; i++)
        {
            var metrics = await MetricsAsync(i);
            var process = $"/proc/{settings.Pids[i]}";
            Looks.Add(new(
                hour, i, Rss(settings.Pids[i]), metrics.Of("dotnet_gc_heap_size_bytes") / 1048576, Directory.GetFiles(process + "/fd").Length, Directory.GetDirectories(process + "/task").Length,
                (long)metrics.Of("llm_journal_depth"), portal, memory));
        }
    }

    public async Task<Metrics> MetricsAsync(int gateway) => new(await http.GetStringAsync(settings.Gateways[gateway] + "/metrics"));

    /// <summary>Median of a figure of one gateway over the hours from one to another.</summary>
    public double Median(int gateway, double from, double to, Func<Look, double> of)
    {
        var values = Looks.Where(l => l.Gateway == gateway && l.Hour >= from && l.Hour < to).Select(of).Order().ToArray();
        return values.Length == 0 ? double.NaN : values[values.Length / 2];
    }

    static double Rss(int pid) => long.Parse(File.ReadLines($"/proc/{pid}/status").First(l => l.StartsWith("VmRSS", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]) / 1024.0;
}

/// <summary>What /metrics said.</summary>
sealed class Metrics(string text)
{
    readonly string[] lines = text.Split('\n');

    /// <summary>The sum of all series of a name, with a part of their labels.</summary>
    public double Of(string name, string labels = "", string without = "\0") => lines
        .Where(l => l.StartsWith(name, StringComparison.Ordinal) && l.Length > name.Length && (l[name.Length] == ' ' || l[name.Length] == '{') && l.Contains(labels, StringComparison.Ordinal) && !l.Contains(without, StringComparison.Ordinal))
        .Sum(l => double.Parse(l[(l.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
}
