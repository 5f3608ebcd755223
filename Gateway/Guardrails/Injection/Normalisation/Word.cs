using System.Runtime.InteropServices;

namespace AspireGateway.Gateway.Guardrails.Injection.Normalisation;

/// <summary>A word of a normalised text.</summary>
/// <param name="Start">Its first character in the normalised text.</param>
/// <param name="Length">Its characters there.</param>
/// <param name="RawStart">Where it begins in the text as it came.</param>
/// <param name="RawEnd">Just behind it in the text as it came.</param>
/// <param name="Hash">64 bits of FNV-1a over its letters.</param>
/// <param name="Break">What stands before it.</param>
/// <param name="Traits">What is unusual about its letters.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Word(int Start, int Length, int RawStart, int RawEnd, ulong Hash, WordBreak Break, WordTraits Traits)
{
    /// <summary>Just behind its last character in the normalised text.</summary>
    public int End => Start + Length;
}
