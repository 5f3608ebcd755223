using AspireGateway.Gateway.Guardrails.Masking;
using AspireGateway.Gateway.Ingress;

namespace AspireGateway.Gateway.Content;

/// <summary>Copies of one request's texts on their way to the store: what it belongs to, and the bytes, which nobody has looked at yet.</summary>
internal sealed class ContentCapture : IDisposable
{
    // What events wrap around a word: names of fields and ids. Cut beyond, so that a stream is bounded whatever its length.
    private const int MostFraming = 16, MostStreamBytes = 16 * 1024 * 1024;

    /// <summary>Begins for a request.</summary>
    public ContentCapture(ContentTerms terms, ContentRoom room)
    {
        Terms = terms;
        Reply = new ContentBuffer(room, terms.Replies ? Math.Max(terms.MaxBytes, (int)Math.Min((long)terms.MaxBytes * MostFraming, MostStreamBytes)) : 0);
        Prompt = new ContentBuffer(room, terms.Prompts ? terms.MaxBytes : 0);
    }

    /// <summary>What holds for it.</summary>
    public ContentTerms Terms { get; }

    /// <summary>What was asked.</summary>
    public ContentBuffer Prompt { get; }

    /// <summary>What was answered, framing included.</summary>
    public ContentBuffer Reply { get; }

    /// <summary>What copies the reply; null = it is not kept.</summary>
    public CapturedReply? Copying { get; set; }

    /// <summary>The usage record.</summary>
    public Guid Id { get; set; }

    /// <summary>When the request arrived.</summary>
    public DateTimeOffset At { get; set; }

    /// <summary>The organisation.</summary>
    public Guid Organisation { get; set; }

    /// <summary>The team.</summary>
    public Guid Team { get; set; }

    /// <summary>The virtual key.</summary>
    public Guid Key { get; set; }

    /// <summary>The end user, as the usage record names them.</summary>
    public string? User { get; set; }

    /// <summary>The logical model.</summary>
    public string? Model { get; set; }

    /// <summary>The operation.</summary>
    public string Operation { get; set; } = "";

    /// <summary>How it ended; of <see cref="Shared.Domain.Content.ContentStates"/>.</summary>
    public string State { get; set; } = "";

    /// <summary>In whose words the reply is; null = nobody's that are known here.</summary>
    public Dialect? Dialect { get; set; }

    /// <summary>Whether the reply is a stream of events.</summary>
    public bool IsStream { get; set; }

    /// <summary>Whether the reply is text at all.</summary>
    public bool IsText { get; set; }

    /// <summary>What to hide in the reply again; null = nothing was masked.</summary>
    public Placeholders? Placeholders { get; set; }

    /// <summary>Whether the prompt may be kept: where policies mask, one that was never masked may not.</summary>
    public bool MayKeepPrompt { get; set; }

    /// <summary>Whether there was no room for it.</summary>
    public bool IsLost => Prompt.IsLost || Reply.IsLost;

    /// <summary>Gives all bytes back, wiped.</summary>
    public void Dispose()
    {
        Prompt.Dispose();
        Reply.Dispose();
    }
}
