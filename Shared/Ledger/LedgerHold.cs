using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace AspireGateway.Shared.Ledger;

/// <summary>
/// The head of a hold's value: cost, tokens, estimated cost, estimated tokens (doubles, little-endian), the gateway's instance (16 bytes), flags (1 byte).
/// Behind it the meters it was taken on (MessagePack) and the record that it gets if its gateway dies.
/// </summary>
/// <param name="CostNanoUsd">What is held against budgets.</param>
/// <param name="Tokens">What is held against limits of tokens.</param>
/// <param name="EstimatedNanoUsd">What it is charged if its gateway dies.</param>
/// <param name="Instance">The gateway that runs the request.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct LedgerHold(long CostNanoUsd, long Tokens, long EstimatedNanoUsd, Guid Instance)
{
    /// <summary>Length of the head in bytes.</summary>
    public const int HeadBytes = 49;

    /// <summary>Reads a head; null = it is not whole.</summary>
    public static LedgerHold? Read(ReadOnlySpan<byte> value) => value.Length < HeadBytes ? null : new(
        (long)BinaryPrimitives.ReadDoubleLittleEndian(value), (long)BinaryPrimitives.ReadDoubleLittleEndian(value[8..]),
        (long)BinaryPrimitives.ReadDoubleLittleEndian(value[16..]), new Guid(value.Slice(32, 16), bigEndian: true));

    /// <summary>Settled and held of a budget's value.</summary>
    public static (long SettledNanoUsd, long HeldNanoUsd) ReadBudget(ReadOnlySpan<byte> value) => value.Length < 16
        ? (0, 0)
        : ((long)BinaryPrimitives.ReadDoubleLittleEndian(value), (long)BinaryPrimitives.ReadDoubleLittleEndian(value[8..]));
}
