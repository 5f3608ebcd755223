using System.Runtime.InteropServices;

namespace AspireGateway.Gateway.Guardrails.Groundedness;

/// <summary>What a word of a sentence is good for.</summary>
internal enum FactKind
{
    /// <summary>A word that carries a fact.</summary>
    Content,

    /// <summary>A number, as digits with a point before its fraction.</summary>
    Number,

    /// <summary>A word with a capital that does not begin its sentence.</summary>
    Name,
}

/// <summary>A word that carries a fact.</summary>
/// <param name="Stem">What it is compared by.</param>
/// <param name="Kind">What it is.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct FactWord(string Stem, FactKind Kind);
