using System.Text;

namespace AspireGateway.Gateway.Guardrails.Replies;

/// <summary>What a stream has said, each of its texts by itself, as the guardrails in the process left it and before anything that was masked is put back.</summary>
internal sealed class ReplyTranscript
{
    private readonly List<StringBuilder> texts = [];

    /// <summary>All texts so far, a line end between them.</summary>
    public string Text => string.Join('\n', texts.Where(text => text.Length > 0));

    /// <summary>Begins another text.</summary>
    public StringBuilder Open()
    {
        var text = new StringBuilder();
        texts.Add(text);
        return text;
    }
}
