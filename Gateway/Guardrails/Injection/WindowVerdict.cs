using System.Runtime.InteropServices;

namespace AspireGateway.Gateway.Guardrails.Injection;

/// <summary>The worst window of a text.</summary>
/// <param name="LogOdds">Classifier and rules together.</param>
/// <param name="Learned">The classifier's part of it.</param>
/// <param name="Fired">The rules that fired in it, as bits.</param>
/// <param name="RotatedWords">Words of the whole text that are rot13 of words an attack needs.</param>
/// <param name="ReversedWords">Words of the whole text that are such words backwards.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct WindowVerdict(float LogOdds, float Learned, ulong Fired, int RotatedWords, int ReversedWords);
