using System.Runtime.InteropServices;
using AspireGateway.Gateway.Accounting.Limits;
using AspireGateway.Shared.Ledger;

namespace AspireGateway.Gateway.Accounting.Ledger;

/// <summary>
/// What one request holds under one hash tag: taken before a provider is called, ended by a settlement. It stays on its tenant's list until Redis has
/// confirmed that, so that a ledger that is opened anew gets it back.
/// </summary>
internal sealed class Hold(LedgerTenant tenant, Guid id, Meter[] meters, HoldTerms terms)
{
    private readonly bool takesRatesAlone = Array.TrueForAll(meters, static meter => meter.Type == LedgerFields.Requests);

    /// <summary>Under which tag.</summary>
    public LedgerTenant Tenant { get; } = tenant;

    /// <summary>The usage record's id; for a deployment's quota one of its own.</summary>
    public Guid Id { get; } = id;

    /// <summary>On what.</summary>
    public Meter[] Meters { get; } = meters;

    /// <summary>How much.</summary>
    public HoldTerms Terms { get; } = terms;

    /// <summary>The record that the request gets if this process dies; empty for a quota, which gets none.</summary>
    public byte[] Record
    {
        get;
        init
        {
            field = value;
            takesRatesAlone &= value.Length == 0;
        }
    } = [];

    /// <summary>Whether the request holds something in another ledger, too, and is served only if both grant it.</summary>
    public bool IsPaired { get; init; }

    /// <summary>When the request arrived, in microseconds since 1970; 0 for a quota.</summary>
    public long ArrivedAtUs { get; init; }

    /// <summary>
    /// Whether Redis remembers it: not where it takes request rates alone and no record depends on it, for those come back with time and not with a settlement.
    /// </summary>
    public bool IsKept => IsListed || !takesRatesAlone;

    /// <summary>Output tokens that were granted; the same as asked for unless a budget had no room for all.</summary>
    public long GrantedTokens { get; set; } = terms.MostOutputTokens;

    /// <summary>What is held, in nano-USD.</summary>
    public long CostNanoUsd => Terms.CostWith(GrantedTokens);

    /// <summary>Whether a budget is among its meters.</summary>
    public bool HasBudget => Array.Exists(Meters, static meter => meter.Budget is not null);

    /// <summary>One of the budgets among its meters, counted from 0.</summary>
    public Meter BudgetAt(int index)
    {
        foreach (var meter in Meters)
            if (meter.Budget is not null && index-- == 0) return meter;
        throw new ArgumentOutOfRangeException(nameof(index));
    }

    /// <summary>Where it is on its way.</summary>
    public HoldState State { get; set; }

    /// <summary>What it is to be settled with.</summary>
    public Settlement Settlement { get; set; }

    /// <summary>Whether a settlement is being sent now.</summary>
    public bool IsSending { get; set; }

    /// <summary>Whether this gateway counted it by itself while the ledger was away.</summary>
    public bool IsLocal { get; set; }

    /// <summary>Its neighbours on the tenant's list; the tenant's alone to change.</summary>
    internal Hold? Previous { get; set; }

    /// <summary>See <see cref="Previous"/>.</summary>
    internal Hold? Next { get; set; }

    /// <summary>Whether it is on the list.</summary>
    internal bool IsListed { get; set; }

    /// <summary>Whether a rebuild was told of it; the tenant's alone to change.</summary>
    internal bool IsRegistered { get; set; }
}

/// <summary>States of a hold.</summary>
internal enum HoldState
{
    /// <summary>Asked for; the answer is not there.</summary>
    Asked,

    /// <summary>Granted.</summary>
    Held,

    /// <summary>To be settled; Redis has not confirmed it.</summary>
    Ended,

    /// <summary>Over.</summary>
    Settled,
}

/// <summary>How much a request holds; where the numbers come from is in docs/ledger.md.</summary>
/// <param name="InputNanoUsd">The most that everything but the output can cost.</param>
/// <param name="OutputTokenNanoUsd">The most that one output token can cost.</param>
/// <param name="MostOutputTokens">Output tokens that are asked for.</param>
/// <param name="FewestOutputTokens">With fewer it makes no sense to call.</param>
/// <param name="Tokens">Input and output together as estimated, for limits of tokens.</param>
/// <param name="EstimatedNanoUsd">What it probably costs: the cost of its record if the gateway dies while it runs. No more than is held.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct HoldTerms(
    long InputNanoUsd, long OutputTokenNanoUsd, long MostOutputTokens, long FewestOutputTokens, long Tokens, long EstimatedNanoUsd)
{
    // Doubles hold every whole number up to 2^53; what is dearer is refused by every budget anyway.
    private const long Most = 1L << 53;

    /// <summary>The cost with so many output tokens, in nano-USD.</summary>
    public long CostWith(long outputTokens)
    {
        var cost = (Int128)InputNanoUsd + (Int128)OutputTokenNanoUsd * outputTokens;
        return cost > Most ? Most : (long)cost;
    }
}

/// <summary>What a request used.</summary>
/// <param name="CostNanoUsd">Its cost, as its record has it.</param>
/// <param name="Tokens">Input and output tokens.</param>
/// <param name="Undo">True when no provider was reached: rates get their unit back too.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Settlement(long CostNanoUsd, long Tokens, bool Undo);
