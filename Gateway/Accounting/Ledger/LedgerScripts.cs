using System.Text;
using AspireGateway.Shared.Redis;

namespace AspireGateway.Gateway.Accounting.Ledger;

/// <summary>The scripts that run inside Redis, each with what they share in front of it. What they do is written in them and in docs/ledger.md.</summary>
internal static class LedgerScripts
{
    /// <summary>Reserves for requests, each for all of its meters or for none.</summary>
    public static readonly RedisScript Reserve = Load("reserve");

    /// <summary>Ends a hold and books what was used.</summary>
    public static readonly RedisScript Settle = Load("settle");

    /// <summary>Ends several holds of one gateway at once.</summary>
    public static readonly RedisScript SettleMany = Load("settle_many");

    /// <summary>Renews a gateway's lease.</summary>
    public static readonly RedisScript Beat = Load("beat");

    /// <summary>Turns holds of a dead gateway into what they are estimated to have cost.</summary>
    public static readonly RedisScript Expire = Load("expire");

    /// <summary>Asks whether the ledger is open, or begins a rebuild.</summary>
    public static readonly RedisScript Begin = Load("begin");

    /// <summary>Brings holds into a rebuild.</summary>
    public static readonly RedisScript Register = Load("register");

    /// <summary>Opens a rebuilt ledger.</summary>
    public static readonly RedisScript Finish = Load("finish");

    /// <summary>Removes meters that say nothing any more.</summary>
    public static readonly RedisScript Tidy = Load("tidy");

    /// <summary>Books what was spent before a new budget counted.</summary>
    public static readonly RedisScript Seed = Load("seed");

    /// <summary>Removes details of which no hold is left.</summary>
    public static readonly RedisScript Forget = Load("forget");

    /// <summary>Gives back request rates that were taken without a hold.</summary>
    public static readonly RedisScript GiveBack = Load("giveback");

    /// <summary>All of them, to be loaded when a connection opens.</summary>
    public static IReadOnlyList<RedisScript> All { get; } = [Reserve, Settle, SettleMany, Beat, Expire, Begin, Register, Finish, Tidy, Seed, Forget, GiveBack];

    private static RedisScript Load(string name) => new(name, Text("common") + Text(name));

    private static string Text(string name)
    {
        using var stream = typeof(LedgerScripts).Assembly.GetManifestResourceStream("Ledger/" + name) ?? throw new InvalidOperationException($"The script {name} is not in the assembly.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
