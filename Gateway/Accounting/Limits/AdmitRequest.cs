using System.Globalization;
using AspireGateway.Gateway.Pipeline;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Accounting.Limits;

/// <summary>Is there room in this process? When it fills up, keys of low priority are shed first, before their bodies are read; the last places are for high ones.</summary>
internal sealed class AdmitRequest(IOptions<SpendOptions> options) : IDecide, ISettle
{
    private const int RetrySeconds = 1;

    // By priority: low, normal, high. In tenths of the places.
    private static readonly int[] Tenths = [7, 9, 10];

    private readonly int places = options.Value.MaxConcurrentRequests;
    private int running;

    /// <summary>Requests that run now.</summary>
    public int Running => Volatile.Read(ref running);

    /// <inheritdoc />
    public ValueTask<Decision> DecideAsync(Exchange exchange)
    {
        var now = Interlocked.Increment(ref running);
        exchange.IsAdmitted = true;
        var priority = Math.Min((int)exchange.Caller!.Key.Priority, Tenths.Length - 1);
        if (now <= Math.Max(1, (long)places * Tenths[priority] / 10)) return Decision.Continue;
        return Decision.Refuse(Refusal.ConcurrencyExceeded(
            $"This gateway runs {(now - 1).ToString("N0", CultureInfo.InvariantCulture)} of at most {places.ToString("N0", CultureInfo.InvariantCulture)} requests and keeps the rest for keys of higher priority. Retry shortly.",
            RetrySeconds));
    }

    /// <inheritdoc />
    public ValueTask SettleAsync(Exchange exchange)
    {
        if (exchange.IsAdmitted) Interlocked.Decrement(ref running);
        return ValueTask.CompletedTask;
    }
}
