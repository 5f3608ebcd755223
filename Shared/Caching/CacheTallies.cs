using System.Globalization;
using System.Runtime.InteropServices;

namespace AspireGateway.Shared.Caching;

/// <summary>
/// Names of a day's figures of the cache in Redis (logical store <c>cache-data</c>): which kept replies saved most, and how close questions lay. Counts and keyed hashes, never content. Gateways
/// add to them every few seconds; the portal reads them.
/// </summary>
/// <param name="Organisation">Whose.</param>
/// <param name="Day">Of which day, UTC.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct CacheTallies(Guid Organisation, DateOnly Day)
{
    /// <summary>Replies of a day that are kept count of, those that saved most: less than 0.1 MB.</summary>
    public const int MostEntries = 200;

    /// <summary>Days that figures stay.</summary>
    public const int KeptDays = 8;

    /// <summary>What stands between the parts of a member; no route, model's name or hash has it.</summary>
    public const char Separator = '|';

    /// <summary>Sorted set: member = hash, route and model of a reply, score = what it saved, in nano-USD.</summary>
    public string Savings => Key('t');

    /// <summary>Hash: field = the same member, value = how often it was given.</summary>
    public string Hits => Key('h');

    /// <summary>Hash of counts: field = <see cref="Compared"/>, <see cref="SameAt"/> or <see cref="OtherAt"/>.</summary>
    public string Closest => Key('c');

    /// <summary>Member of a reply.</summary>
    public static string Entry(string hash, string route, string model) => $"{hash}{Separator}{route}{Separator}{model}";

    /// <summary>Questions of a model's requests that were compared with kept ones.</summary>
    public static string Compared(string model) => $"n0{Separator}{model}";

    /// <summary>Of these, those whose closest kept question lay at least so close and asked the same.</summary>
    /// <param name="model">The model.</param>
    /// <param name="percent">How close, 0 to 100.</param>
    public static string SameAt(string model, int percent) => string.Create(CultureInfo.InvariantCulture, $"s{percent}{Separator}{model}");

    /// <summary>Likewise, and asked for something else.</summary>
    public static string OtherAt(string model, int percent) => string.Create(CultureInfo.InvariantCulture, $"o{percent}{Separator}{model}");

    private string Key(char what) => string.Create(CultureInfo.InvariantCulture, $"agw:cache:{{{Organisation:N}}}:{what}:{Day:yyyyMMdd}");
}
