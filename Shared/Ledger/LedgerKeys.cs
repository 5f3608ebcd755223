using System.Globalization;
using System.Text;

namespace AspireGateway.Shared.Ledger;

/// <summary>
/// Names of the ledger's keys in Redis. All keys of an organisation share one hash tag, so that one script may touch them on Redis Cluster; what is wider
/// than an organisation lives under a tag of its own.
/// </summary>
/// <param name="Tag">The hash tag: an organisation's id in hex, or <c>global</c>.</param>
public readonly record struct LedgerKeys(string Tag)
{
    /// <summary>The keys of an organisation; all zeros = the installation.</summary>
    public static LedgerKeys Of(Guid organisation) => new(organisation == Guid.Empty ? "global" : organisation.ToString("N"));

    /// <summary>Hash of meters: field = <see cref="LedgerFields"/>, value = little-endian doubles; field <c>e</c> is the epoch, present only while the ledger is open.</summary>
    public string Meters => $"agw:{{{Tag}}}:m";

    /// <summary>Hash of holds: field = 16 bytes of the record's id, value = <see cref="LedgerHold"/>.</summary>
    public string Holds => $"agw:{{{Tag}}}:h";

    /// <summary>
    /// Hash of what is needed of a hold only if its gateway dies, by the same ids: the meters it was taken on (MessagePack), behind them the record. Apart
    /// from the holds, because a script pays for every byte that it is given.
    /// </summary>
    public string Details => $"agw:{{{Tag}}}:d";

    /// <summary>Hash of gateways: field = 16 bytes of the instance, value = the end of its lease in microseconds of Redis' clock, as a double; and <c>last</c> = when any of them beat last.</summary>
    public string Instances => $"agw:{{{Tag}}}:i";

    /// <summary>Hash of holds whose gateway died, or that were charged without one: kept some days, so that a late record can replace the estimate.</summary>
    public string Swept => $"agw:{{{Tag}}}:s";

    /// <summary>Hash of a rebuild under way: who leads it, and which gateways have registered.</summary>
    public string Rebuild => $"agw:{{{Tag}}}:x";
}

/// <summary>Names of the fields in the hash of meters.</summary>
public static class LedgerFields
{
    /// <summary>A limit of requests: one double, the theoretical arrival time in microseconds (see docs/ledger.md).</summary>
    public const char Requests = 'r';

    /// <summary>A limit of tokens: likewise.</summary>
    public const char Tokens = 't';

    /// <summary>A limit of concurrency: one double, the count.</summary>
    public const char Concurrency = 'c';

    /// <summary>A budget's window: two doubles, settled and held, in nano-USD.</summary>
    public const char Budget = 'b';

    /// <summary>An approval that may be used once: one double, 1 = used.</summary>
    public const char Approval = 'a';

    /// <summary>The scope's part of a field: empty where the limit or budget names its scope itself, <c>kind=id</c> where it is a default.</summary>
    public static string ScopeOf(string kind, string? id, bool isDefault) => isDefault && id is not null ? $"{kind}={id}" : "";

    /// <summary>The scope of users, features or agents that are too many to be counted each: they share one's part.</summary>
    public const string OtherNames = "~others";

    /// <summary>The field of a limit.</summary>
    public static string OfLimit(char kind, Guid limit, string scope) => $"{kind}:{limit:N}:{scope}";

    /// <summary>The field of a budget in a window.</summary>
    public static string OfBudget(Guid budget, string scope, DateTimeOffset windowStart) =>
        string.Create(CultureInfo.InvariantCulture, $"b:{budget:N}:{windowStart.ToUnixTimeSeconds()}:{scope}");

    /// <summary>The field that remembers what was taken from the books when a budget was new.</summary>
    public static string OfSeed(string budgetField) => "k" + budgetField[1..];

    /// <summary>What the fields of all windows and scopes of a budget begin with.</summary>
    public static string PrefixOfBudget(Guid budget) => $"b:{budget:N}:";

    /// <summary>Reads a budget's field back; false = it is no budget's.</summary>
    public static bool TryReadBudget(ReadOnlySpan<byte> field, out Guid budget, out DateTimeOffset windowStart, out string scope)
    {
        (budget, windowStart, scope) = (default, default, "");
        var text = Encoding.UTF8.GetString(field);
        if (!text.StartsWith("b:", StringComparison.Ordinal) || text.Length < 35 || !Guid.TryParseExact(text.AsSpan(2, 32), "N", out budget)) return false;
        var rest = text.AsSpan(35);
        var colon = rest.IndexOf(':');
        if (colon < 1 || !long.TryParse(rest[..colon], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds)) return false;
        windowStart = DateTimeOffset.FromUnixTimeSeconds(seconds);
        scope = rest[(colon + 1)..].ToString();
        return true;
    }
}
