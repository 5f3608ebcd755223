using AspireGateway.Gateway.Guardrails.Injection.Normalisation;

namespace AspireGateway.Gateway.Guardrails.Injection.Rules;

/// <summary>
/// Tells by the signs around a word whether it forges a conversation: the marks of chat templates (<c>&lt;|im_start|&gt;</c>, <c>[INST]</c>,
/// <c>&lt;&lt;SYS&gt;&gt;</c>), of a prompt's parts (<c>&lt;/system&gt;</c>, <c>### Instruction:</c>) and of speakers (<c>System:</c>), and HTML comments,
/// markdown images and assigned pieces of text.
/// </summary>
internal sealed class MarkerReader(ConceptLexicon lexicon)
{
    private readonly ulong chat = lexicon.BitOf("mark_chat"), section = lexicon.BitOf("mark_section"), role = lexicon.BitOf("mark_role");
    private readonly ulong comment = lexicon.BitOf("mark_comment"), image = lexicon.BitOf("mark_image"), assign = lexicon.BitOf("mark_assign");
    private readonly ulong roleName = lexicon.BitOf("rolename");

    /// <summary>The concepts that a word has by the signs around it.</summary>
    /// <param name="text">The text.</param>
    /// <param name="index">Which of its words.</param>
    /// <param name="concepts">The concepts that it has by itself.</param>
    public ulong ConceptsOf(NormalText text, int index, ulong concepts)
    {
        var words = text.Words;
        ref readonly var word = ref words[index];
        if ((word.Traits & WordTraits.Repaired) != WordTraits.None) return 0;
        var from = index == 0 || (words[index - 1].Traits & WordTraits.Repaired) != WordTraits.None ? Math.Max(0, word.Start - 8) : words[index - 1].End;
        var before = text.Chars[from..word.Start];
        var isRole = (concepts & roleName) != 0;
        if (before.Length < 2 && !isRole) return 0;
        var after = text.Chars[word.End..Math.Min(word.End + 3, text.Length)];

        ulong found = 0;
        if (before.Length >= 2)
        {
            if (before.EndsWith("<|") || before.EndsWith("<<") && text.Letters(word) is "sys") found |= chat;
            if (before.IndexOf("<!--") >= 0) found |= comment;
            if (before.EndsWith("![")) found |= image;
            if (before[^1] is '"' or '\'' && before.IndexOf('=') >= 0) found |= assign;
        }
        if (!isRole) return found;

        var sign = before.Trim();
        var isShort = text.Letters(word) is "inst" or "sys" or "im";
        if (sign.EndsWith("[") || sign.EndsWith("[/")) found |= isShort ? chat : after.StartsWith("]") || after.StartsWith(":") ? section : 0;
        else if ((sign.EndsWith("<") || sign.EndsWith("</")) && after.StartsWith(">")) found |= text.Letters(word) is "system" or "instructions" or "instruction" or "prompt" or "inst" or "admin" ? section : 0;
        else if (sign.EndsWith("##") || sign.EndsWith("==") || sign.EndsWith("--")) found |= after.StartsWith(":") || after.StartsWith("\n") || after.StartsWith(" #") || after.StartsWith(" =") ? section : 0;
        else if (word.Break >= WordBreak.Line && after.StartsWith(":")) found |= role;
        return found;
    }
}
