using AspireGateway.Gateway.Neutral;

namespace AspireGateway.Gateway.Egress.Anthropic;

/// <summary>A part of a stream that came while another was being written.</summary>
/// <param name="part">Its number.</param>
/// <param name="kind">What it is.</param>
/// <param name="id">The id of a tool call.</param>
/// <param name="name">The tool.</param>
internal sealed class WaitingPart(int part, PartKind kind, byte[] id, byte[] name)
{
    private readonly SignatureBuffer text = new(), signature = new();

    /// <summary>Its number.</summary>
    public int Part => part;

    /// <summary>What it is.</summary>
    public PartKind Kind => kind;

    /// <summary>The id of a tool call, escaped.</summary>
    public byte[] Id => id;

    /// <summary>The tool, escaped.</summary>
    public byte[] Name => name;

    /// <summary>Its text so far, escaped.</summary>
    public ReadOnlySpan<byte> Text => text.Text;

    /// <summary>Its proof so far, escaped.</summary>
    public ReadOnlySpan<byte> Signature => signature.Text;

    /// <summary>Whether it is whole.</summary>
    public bool IsStopped { get; set; }

    /// <summary>What it counts for in the bound on waiting.</summary>
    public int Bytes { get; private set; } = 100;

    /// <summary>Adds a piece and gives its size.</summary>
    public int Append(in ReplyEvent replyEvent)
    {
        (replyEvent.Kind == ReplyEventKind.Signature ? signature : text).Append(replyEvent.Text);
        Bytes += replyEvent.Text.Length;
        return replyEvent.Text.Length;
    }
}
