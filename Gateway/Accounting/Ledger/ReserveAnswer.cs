using System.Runtime.InteropServices;
using AspireGateway.Gateway.Accounting.Limits;
using AspireGateway.Shared.Ledger;

namespace AspireGateway.Gateway.Accounting.Ledger;

/// <summary>What the ledger says to a reservation.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct ReserveAnswer
{
    /// <summary>Yes, no, or nothing.</summary>
    public ReserveKind Kind { get; init; }

    /// <summary>The meter that refused, by its place in the hold.</summary>
    public int Meter { get; init; }

    /// <summary>Of a rate: microseconds until it would pass. Of a budget: settled, in nano-USD.</summary>
    public long First { get; init; }

    /// <summary>Of a budget: held, in nano-USD. Of concurrency: how many run.</summary>
    public long Second { get; init; }

    /// <summary>Output tokens granted.</summary>
    public long GrantedTokens { get; set; }

    /// <summary>The limit of requests with the least left, by its place in the hold; -1 = none. How many are left, and microseconds until all are there again.</summary>
    public (int Meter, long Left, long ResetUs) Requests { get; set; } = (-1, 0, 0);

    /// <summary>The limit of tokens with the least left, likewise.</summary>
    public (int Meter, long Left, long ResetUs) Tokens { get; set; } = (-1, 0, 0);

    /// <summary>Nothing known yet.</summary>
    public ReserveAnswer()
    {
    }

    /// <summary>Notes what is left of a rate.</summary>
    public void Note(Meter meter, int index, long left, long resetUs)
    {
        if (meter.Type == LedgerFields.Requests)
        {
            if (Requests.Meter < 0 || left < Requests.Left) Requests = (index, left, resetUs);
        }
        else if (Tokens.Meter < 0 || left < Tokens.Left)
        {
            Tokens = (index, left, resetUs);
        }
    }
}

/// <summary>Kinds of answers.</summary>
internal enum ReserveKind
{
    /// <summary>The ledger could not be asked, or is not open.</summary>
    Unavailable,

    /// <summary>All meters took it.</summary>
    Granted,

    /// <summary>One did not; nothing was taken.</summary>
    Refused,
}
