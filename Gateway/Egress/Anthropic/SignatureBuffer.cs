using System.Buffers;

namespace AspireGateway.Gateway.Egress.Anthropic;

/// <summary>Collects the pieces of a proof or a ciphertext. Takes memory only when there are any.</summary>
internal sealed class SignatureBuffer
{
    private ArrayBufferWriter<byte>? pieces;

    /// <summary>What has come, escaped.</summary>
    public ReadOnlySpan<byte> Text => pieces is null ? default : pieces.WrittenSpan;

    /// <summary>Adds a piece.</summary>
    public void Append(ReadOnlySpan<byte> piece) => (pieces ??= new ArrayBufferWriter<byte>(Math.Max(256, piece.Length))).Write(piece);

    /// <summary>Forgets all.</summary>
    public void Clear() => pieces?.ResetWrittenCount();
}
