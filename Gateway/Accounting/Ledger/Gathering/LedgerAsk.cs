using System.Runtime.InteropServices;

namespace AspireGateway.Gateway.Accounting.Ledger.Gathering;

/// <summary>What a request asks of the ledger: one of the two.</summary>
/// <param name="Reserve">A hold.</param>
/// <param name="Settle">The end of one.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct LedgerAsk(ReserveWait? Reserve, SettleWait Settle);
