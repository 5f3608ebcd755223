namespace AspireGateway.Integration.Tests.Stores;

/// <summary>Waits on conditions instead of on time.</summary>
internal static class Eventually
{
    /// <summary>Asks every few milliseconds until the condition holds; an exception counts as no.</summary>
    /// <returns>How long it took.</returns>
    /// <exception cref="TimeoutException">It did not hold in time; what was last thrown is inside.</exception>
    public static Task<TimeSpan> HoldsAsync(Func<Task<bool>> condition, TimeSpan within, string what) => HoldsAsync(condition, within, () => what);

    /// <inheritdoc cref="HoldsAsync(Func{Task{bool}}, TimeSpan, string)" />
    public static async Task<TimeSpan> HoldsAsync(Func<Task<bool>> condition, TimeSpan within, Func<string> what)
    {
        var started = TimeProvider.System.GetTimestamp();
        Exception? last = null;
        do
        {
            try
            {
                if (await condition()) return TimeProvider.System.GetElapsedTime(started);
            }
            catch (Exception fault)
            {
                last = fault;
            }
            await Task.Delay(5);
        }
        while (TimeProvider.System.GetElapsedTime(started) < within);
        throw new TimeoutException($"not within {within.TotalSeconds:0.#} s: {what()}", last);
    }

    /// <inheritdoc cref="HoldsAsync(Func{Task{bool}}, TimeSpan, string)" />
    public static Task<TimeSpan> HoldsAsync(Func<bool> condition, TimeSpan within, string what) =>
        HoldsAsync(() => Task.FromResult(condition()), within, what);
}
