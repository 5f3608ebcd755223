using System.Collections.Concurrent;
using System.Net;

namespace AspireGateway.Portal.SignIns;

/// <summary>
/// Slows down whoever fails at a door: after so many failures within a minute from one address, that door stays shut to it for the rest of the minute. Each replica counts for itself; secrets here carry
/// far more than a guess a second, so this keeps logs and database from being flooded rather than secrets from being guessed.
/// </summary>
public sealed class SignInThrottle(TimeProvider clock, IConfiguration configuration)
{
    /// <summary>Failures within a minute before an address has to wait, unless <c>Portal:SignIn:MaxFailures</c> says otherwise.</summary>
    public const int UsualFailures = 30;

    internal const int MaxAddresses = 10_000;
    private static readonly TimeSpan s_window = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<(string Door, string Address), Window> windows = new();
    private readonly int allowed = configuration.GetValue<int?>("Portal:SignIn:MaxFailures") is > 0 and { } set ? set : UsualFailures;

    /// <summary>Addresses that are remembered.</summary>
    internal int Count => windows.Count;

    /// <summary>How long the address has to wait; null = it may try.</summary>
    public TimeSpan? Wait(string door, IPAddress? address)
    {
        if (!windows.TryGetValue((door, Key(address)), out var window)) return null;
        var left = window.Since + s_window - clock.GetUtcNow();
        return left > TimeSpan.Zero && window.Failures >= allowed ? left : null;
    }

    /// <summary>Counts a failure.</summary>
    public void Failed(string door, IPAddress? address)
    {
        var now = clock.GetUtcNow();
        // A flood from very many addresses must not fill the memory: what is over is dropped, and if nothing is, everything.
        if (windows.Count >= MaxAddresses)
        {
            foreach (var (key, old) in windows)
                if (old.Since + s_window <= now) windows.TryRemove(key, out _);
            if (windows.Count >= MaxAddresses) windows.Clear();
        }
        windows.AddOrUpdate((door, Key(address)), _ => new(now, 1), (_, w) => w.Since + s_window <= now ? new(now, 1) : w with { Failures = w.Failures + 1 });
    }

    // Whoever has one address of IPv6 has the whole /64.
    private static string Key(IPAddress? address)
    {
        if (address is null) return "";
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        var bytes = address.GetAddressBytes();
        return Convert.ToHexString(bytes.Length == 16 ? bytes.AsSpan(0, 8) : bytes);
    }

    private sealed record Window(DateTimeOffset Since, int Failures);
}
