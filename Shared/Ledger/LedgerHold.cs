using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace AspireGateway.Shared.Ledger;

/// <summary>
/// A hold: cost, tokens (doubles, little-endian), the gateway's instance (16 bytes), flags (1 byte). What it was taken on and for stands apart, in
/// <see cref="LedgerKeys.Details"/>.
/// </summary>
/// <param name="CostNanoUsd">What is held against budgets.</param>
/// <param name="Tokens">What is held against limits of tokens.</param>
/// <param name="Instance">The gateway that runs the request.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct LedgerHold(long CostNanoUsd, long Tokens, Guid Instance)
{
    /// <summary>Its length.</summary>
    public const int Bytes = 33;

    /// <summary>Where the flags stand.</summary>
    public const int FlagsAt = Bytes - 1;

    /// <summary>Flag: the request is older than the ledger, and what becomes of the hold is remembered.</summary>
    public const byte IsOlder = 1;

    /// <summary>Flag: the request is served only if another ledger grants its hold, too.</summary>
    public const byte IsPaired = 2;

    /// <summary>Reads one; null = it is not whole.</summary>
    public static LedgerHold? Read(ReadOnlySpan<byte> value) => value.Length < Bytes ? null : new(
        (long)BinaryPrimitives.ReadDoubleLittleEndian(value), (long)BinaryPrimitives.ReadDoubleLittleEndian(value[8..]),
        new Guid(value.Slice(16, 16), bigEndian: true));

    /// <summary>Settled and held of a budget's value.</summary>
    public static (long SettledNanoUsd, long HeldNanoUsd) ReadBudget(ReadOnlySpan<byte> value) => value.Length < 16
        ? (0, 0)
        : ((long)BinaryPrimitives.ReadDoubleLittleEndian(value), (long)BinaryPrimitives.ReadDoubleLittleEndian(value[8..]));
}
