using System.Text;
using AspireGateway.Gateway.Neutral;

namespace AspireGateway.Gateway.Providers.Bedrock;

/// <summary>
/// Names of documents as Bedrock takes them (API reference, "DocumentBlock"): letters, digits, single spaces, hyphens, parentheses and square
/// brackets, at most 200, and each only once in a conversation.
/// </summary>
internal sealed class BedrockDocumentNames
{
    // Room for a number behind it.
    private const int MaxLength = 190;

    private readonly HashSet<string> given = new(StringComparer.Ordinal);

    /// <summary>The name to give a document that the caller calls so.</summary>
    public string Of(JsonText wanted)
    {
        var name = Plain(wanted.ToString());
        var free = name;
        for (var number = 2; !given.Add(free); number++) free = $"{name} ({number})";
        return free;
    }

    private static string Plain(string wanted)
    {
        var name = new StringBuilder(Math.Min(wanted.Length, MaxLength));
        foreach (var c in wanted)
        {
            if (name.Length == MaxLength) break;
            if (char.IsAsciiLetterOrDigit(c) || c is '-' or '(' or ')' or '[' or ']') name.Append(c);
            else if (char.IsWhiteSpace(c) && name.Length > 0 && name[^1] != ' ') name.Append(' ');
            else if (!char.IsWhiteSpace(c) && (name.Length == 0 || name[^1] != '-')) name.Append('-');
        }
        var plain = name.ToString().Trim();
        return plain.Length == 0 ? "document" : plain;
    }
}
