using System.Globalization;

namespace AspireGateway.Portal.Components.Formats;

/// <summary>How amounts are written. All amounts are nano-USD (1e-9 USD).</summary>
public static class Money
{
    /// <summary>Nano-USD in a dollar.</summary>
    public const long NanosPerDollar = 1_000_000_000;

    private const long NanosPerCent = NanosPerDollar / 100;
    private const int SignificantDigits = 4;

    /// <summary>For reading: cents, rounded half up; below one cent up to four significant digits, so that a cheap request never reads as free.</summary>
    public static string Text(long nanoUsd)
    {
        var sign = nanoUsd < 0 ? "-" : "";
        var amount = Math.Abs((decimal)nanoUsd);
        if (amount is 0) return "$0.00";
        if (amount >= NanosPerCent) return sign + "$" + Cents(amount / NanosPerDollar);

        // 1..9,999,999 nano-USD: keep the leading four digits of the integer, round the rest away.
        var unit = 1m;
        while (amount / unit >= Power(SignificantDigits)) unit *= 10;
        var rounded = Math.Round(amount / unit, MidpointRounding.AwayFromZero) * unit;
        if (rounded >= NanosPerCent) return sign + "$" + Cents(rounded / NanosPerDollar);
        return sign + "$" + (rounded / NanosPerDollar).ToString("0.#########", CultureInfo.InvariantCulture);
    }

    /// <summary>An amount that is read beside a bound: what is still below it never reads as all of it.</summary>
    public static string Below(long nanoUsd, long bound) =>
        nanoUsd < bound && Text(nanoUsd) == Text(bound) ? "$" + ((decimal)nanoUsd / NanosPerDollar).ToString("#,##0.00#######", CultureInfo.InvariantCulture) : Text(nanoUsd);

    /// <summary>To the last nano-USD, for tooltips and exports that must reconcile.</summary>
    public static string Exact(long nanoUsd) => string.Create(
        CultureInfo.InvariantCulture,
        $"{(nanoUsd < 0 ? "-" : "")}${Math.Abs((decimal)nanoUsd) / NanosPerDollar:#,##0.000000000} ({nanoUsd:#,##0} nano-USD)");

    /// <summary>Dollars for a chart's axis: no more decimals than the axis's size needs.</summary>
    public static string Axis(double dollars) => dollars switch
    {
        0 => "$0",
        >= 10_000 => "$" + (dollars / 1000).ToString("#,##0.#", CultureInfo.InvariantCulture) + "\u00A0k",
        >= 10 => "$" + dollars.ToString("#,##0", CultureInfo.InvariantCulture),
        >= 0.01 => "$" + dollars.ToString("0.00", CultureInfo.InvariantCulture),
        _ => "$" + dollars.ToString("0.######", CultureInfo.InvariantCulture),
    };

    /// <summary>Price of a million tokens, with at least cents.</summary>
    public static string Price(long nanoUsdPerMillion) =>
        nanoUsdPerMillion is 0 ? "free" : "$" + ((decimal)nanoUsdPerMillion / NanosPerDollar).ToString("#,##0.00#######", CultureInfo.InvariantCulture);

    /// <summary>Nano-USD of an amount in dollars that a person typed; null when it is negative or too large for a ledger.</summary>
    public static long? FromDollars(decimal dollars) =>
        dollars is < 0 or > 1_000_000 ? null : (long)Math.Round(dollars * NanosPerDollar, MidpointRounding.AwayFromZero);

    private static string Cents(decimal dollars) =>
        Math.Round(dollars, 2, MidpointRounding.AwayFromZero).ToString("#,##0.00", CultureInfo.InvariantCulture);

    private static decimal Power(int exponent)
    {
        var power = 1m;
        for (var i = 0; i < exponent; i++) power *= 10;
        return power;
    }
}
