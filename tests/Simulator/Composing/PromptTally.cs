using System.Text;

namespace AspireGateway.Simulator.Composing;

/// <summary>Counts a conversation's tokens and keeps what the answer depends on: the last user's text and a closing tool result.</summary>
internal sealed class PromptTally
{
    /// <summary>What an image, a document, an audio or a video part counts, whatever its size.</summary>
    public const int MediaTokens = 256;

    private const int TokensPerMessage = 4;
    private const int TokensPerRequest = 3;
    private readonly StringBuilder text = new(), results = new();
    private bool isUser;

    /// <summary>Tokens so far.</summary>
    public int Tokens { get; private set; } = TokensPerRequest;

    /// <summary>Text of the last message of a user that is not merely a tool result.</summary>
    public string Prompt { get; private set; } = "";

    /// <summary>Text of the tool results in the last message, or null.</summary>
    public string? ToolResult { get; private set; }

    /// <summary>Begins a message.</summary>
    public void Begin(bool ofUser)
    {
        Tokens += TokensPerMessage;
        isUser = ofUser;
        text.Clear();
        results.Clear();
        ToolResult = null;
    }

    public void AddText(string piece)
    {
        if (text.Length > 0) text.Append('\n');
        text.Append(piece);
    }

    public void AddToolResult(string piece)
    {
        if (results.Length > 0) results.Append('\n');
        results.Append(piece);
        ToolResult = results.ToString();
    }

    public void AddMedia() => Tokens += MediaTokens;

    /// <summary>Adds tokens that belong to no text, for example those of an earlier response.</summary>
    public void AddTokens(int tokens) => Tokens += tokens;

    /// <summary>Ends the message.</summary>
    public void End()
    {
        var said = text.ToString();
        Tokens += SimText.Tokens(said) + (ToolResult is null ? 0 : SimText.Tokens(ToolResult));
        if (isUser && (said.Length > 0 || ToolResult is null)) Prompt = said;
    }
}
