using System.Text;

namespace AspireGateway.Gateway.Routing.Tasks;

/// <summary>
/// The words of a prompt that say what is asked, decoded into room that each thread keeps: of the last message of the user that holds text its beginning and its
/// end, of the system prompt its beginning. Valid until the same thread reads another prompt; never kept, never logged.
/// </summary>
internal sealed class PromptView
{
    /// <summary>Most bytes of the user's text, in UTF-8; of a longer one the first <see cref="HeadBytes"/> and the last <see cref="TailBytes"/>.</summary>
    public const int UserBytes = HeadBytes + TailBytes;

    /// <summary>Bytes kept of the beginning.</summary>
    public const int HeadBytes = 24 * 1024;

    /// <summary>Bytes kept of the end.</summary>
    public const int TailBytes = 8 * 1024;

    /// <summary>Bytes kept of the system prompt.</summary>
    public const int SystemBytes = 1024;

    [ThreadStatic]
    private static PromptView? mine;

    private readonly byte[] user = new byte[UserBytes];
    private readonly byte[] system = new byte[SystemBytes];
    private char[]? characters;
    private int userLength, systemLength, characterCount;

    /// <summary>The thread's own, emptied.</summary>
    public static PromptView Fresh()
    {
        var view = mine ??= new PromptView();
        (view.userLength, view.systemLength, view.characterCount) = (0, 0, -1);
        (view.Turns, view.Documents, view.HasJsonSchema) = (0, 0, false);
        return view;
    }

    /// <summary>The user's text in UTF-8.</summary>
    public ReadOnlySpan<byte> User => user.AsSpan(0, userLength);

    /// <summary>The system prompt in UTF-8.</summary>
    public ReadOnlySpan<byte> System => system.AsSpan(0, systemLength);

    /// <summary>Messages of the user that hold text.</summary>
    public int Turns { get; set; }

    /// <summary>Documents.</summary>
    public int Documents { get; set; }

    /// <summary>Whether the answer must follow a JSON schema.</summary>
    public bool HasJsonSchema { get; set; }

    /// <summary>Whether the user's text holds a block of code.</summary>
    public bool HasCode => User.IndexOf("```"u8) >= 0;

    /// <summary>The user's text as characters; decoded when it is first asked for.</summary>
    public ReadOnlySpan<char> Characters
    {
        get
        {
            if (characterCount < 0)
            {
                characters ??= new char[UserBytes];
                characterCount = Encoding.UTF8.GetChars(User, characters);
            }
            return characters.AsSpan(0, characterCount);
        }
    }

    /// <summary>Adds a part of the user's message, as it stands between the quotes of its JSON string.</summary>
    public void AddUser(ReadOnlySpan<byte> escaped)
    {
        if (userLength > 0 && userLength < HeadBytes) user[userLength++] = (byte)'\n';
        var room = HeadBytes - userLength;
        if (room > 0)
        {
            userLength += EscapedText.Decode(escaped, user.AsSpan(userLength, room), out var read);
            escaped = escaped[read..];
        }
        if (escaped.IsEmpty) return;
        // The end of the last part counts, whatever of earlier ones stood there.
        userLength = Math.Min(userLength, HeadBytes);
        var end = EscapedText.Tail(escaped, TailBytes - 1);
        user[userLength++] = (byte)'\n';
        userLength += EscapedText.Decode(end, user.AsSpan(userLength, TailBytes - 1), out _);
    }

    /// <summary>Adds a part of the system prompt.</summary>
    public void AddSystem(ReadOnlySpan<byte> escaped)
    {
        if (systemLength > 0 && systemLength < SystemBytes) system[systemLength++] = (byte)'\n';
        systemLength += EscapedText.Decode(escaped, system.AsSpan(systemLength), out _);
    }
}
