using AspireGateway.Gateway.Guardrails.Detection;

namespace AspireGateway.Gateway.Guardrails.Prompts;

/// <summary>Messages of users as wholes: the parts of one message are neighbours, and one text.</summary>
internal static class UserMessages
{
    /// <summary>Moves on to the last part of the message that a part begins.</summary>
    /// <param name="parts">All parts.</param>
    /// <param name="at">The first part of a user's message; gets its last one.</param>
    /// <returns>The first part.</returns>
    public static int EndOf(ReadOnlySpan<TextPart> parts, ref int at)
    {
        var first = at;
        while (at + 1 < parts.Length && parts[at].Message >= 0 && parts[at + 1].Message == parts[at].Message && parts[at + 1].Source == TextSource.User) at++;
        return first;
    }
}
