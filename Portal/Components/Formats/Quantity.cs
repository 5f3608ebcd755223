using System.Globalization;

namespace AspireGateway.Portal.Components.Formats;

/// <summary>How counts, shares, sizes and durations are written: short for reading, exact for tooltips. Number and unit never break apart.</summary>
public static class Quantity
{
    private const string Gap = "\u00A0";

    /// <summary>A count in at most five characters: 950, 1.2 k, 3.4 M, 5.6 B.</summary>
    public static string Brief(long count)
    {
        var size = Math.Abs((double)count);
        return size switch
        {
            < 1000 => count.ToString(CultureInfo.InvariantCulture),
            < 999_500 => Scaled(count / 1e3) + Gap + "k",
            < 999_500_000 => Scaled(count / 1e6) + Gap + "M",
            _ => Scaled(count / 1e9) + Gap + "B",
        };
    }

    /// <summary>A count with thousands separated.</summary>
    public static string Exact(long count) => count.ToString("#,##0", CultureInfo.InvariantCulture);

    /// <summary>A share with one decimal. The denominator 0 has no share.</summary>
    public static string Share(long part, long whole) =>
        whole is 0 ? "–" : (100.0 * part / whole).ToString("0.0", CultureInfo.InvariantCulture) + Gap + "%";

    /// <summary>A duration given in microseconds: 0.42 ms, 850 ms, 1.24 s, 2 min 5 s.</summary>
    public static string Duration(long microseconds) => microseconds switch
    {
        < 0 => "–",
        < 995 => (microseconds / 1e3).ToString("0.00", CultureInfo.InvariantCulture) + Gap + "ms",
        < 9_950 => (microseconds / 1e3).ToString("0.0", CultureInfo.InvariantCulture) + Gap + "ms",
        < 999_500 => (microseconds / 1e3).ToString("0", CultureInfo.InvariantCulture) + Gap + "ms",
        < 59_995_000 => (microseconds / 1e6).ToString("0.00", CultureInfo.InvariantCulture) + Gap + "s",
        _ => Minutes(microseconds),
    };

    /// <summary>A duration on an axis, given in microseconds: no decimals that round steps do not have.</summary>
    public static string AxisDuration(long microseconds) => microseconds switch
    {
        0 => "0",
        < 1_000_000 => (microseconds / 1e3).ToString("0.##", CultureInfo.InvariantCulture) + Gap + "ms",
        < 120_000_000 => (microseconds / 1e6).ToString("0.##", CultureInfo.InvariantCulture) + Gap + "s",
        _ => (microseconds / 6e7).ToString("0.#", CultureInfo.InvariantCulture) + Gap + "min",
    };

    /// <summary>A duration to the microsecond.</summary>
    public static string ExactDuration(long microseconds) => microseconds.ToString("#,##0", CultureInfo.InvariantCulture) + Gap + "µs";

    /// <summary>Bytes in binary multiples.</summary>
    public static string Bytes(long bytes) => bytes switch
    {
        < 1024 => bytes.ToString(CultureInfo.InvariantCulture) + Gap + "B",
        < 1024 * 1024 => (bytes / 1024.0).ToString("0.#", CultureInfo.InvariantCulture) + Gap + "KiB",
        _ => (bytes / (1024.0 * 1024)).ToString("0.#", CultureInfo.InvariantCulture) + Gap + "MiB",
    };

    private static string Scaled(double value) => Math.Abs(value) >= 99.95
        ? Math.Round(value, MidpointRounding.AwayFromZero).ToString("0", CultureInfo.InvariantCulture)
        : Math.Round(value, 1, MidpointRounding.AwayFromZero).ToString("0.0", CultureInfo.InvariantCulture);

    private static string Minutes(long microseconds)
    {
        var seconds = (long)Math.Round(microseconds / 1e6);
        return string.Create(CultureInfo.InvariantCulture, $"{seconds / 60}{Gap}min {seconds % 60}{Gap}s");
    }
}
