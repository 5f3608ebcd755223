using System.Runtime.InteropServices;
using AspireGateway.Gateway.Accounting.Limits;

namespace AspireGateway.Gateway.Accounting.Ledger.Gathering;

/// <summary>A hold that waits for its end, and who is told of it.</summary>
/// <param name="Hold">The hold, with its settlement.</param>
/// <param name="Listener">Who is told.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SettleWait(Hold Hold, ISettleListener Listener)
{
    /// <summary>Tells a budget's settled sum.</summary>
    public void Note(Meter meter, long settledNanoUsd) => Listener.Note(Hold, meter, settledNanoUsd);

    /// <summary>Tells how it ended.</summary>
    public void End(LedgerOutcome outcome) => Listener.End(Hold, outcome);
}

/// <summary>Is told what became of settlements.</summary>
internal interface ISettleListener
{
    /// <summary>A budget's sum after one of them, in nano-USD.</summary>
    void Note(Hold hold, Meter meter, long settledNanoUsd);

    /// <summary>How one ended; <see cref="LedgerOutcome.Done"/> when Redis has it.</summary>
    void End(Hold hold, LedgerOutcome outcome);
}
