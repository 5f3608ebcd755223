using System.Runtime.InteropServices;

namespace AspireGateway.Gateway.Caching.Prefixes;

/// <summary>A place at which a beginning of a prompt ends.</summary>
/// <param name="Kind">Behind what.</param>
/// <param name="Hash">Of everything up to there and of whose it is: the same beginning of another tenant has another one.</param>
/// <param name="Bytes">Bytes up to there, in the order in which providers read.</param>
/// <param name="Form">How its last piece can be marked.</param>
/// <param name="Start">Where that piece begins in the body.</param>
/// <param name="End">Behind its last byte.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PrefixPlace(PrefixKind Kind, UInt128 Hash, long Bytes, PrefixForm Form, int Start, int End);
