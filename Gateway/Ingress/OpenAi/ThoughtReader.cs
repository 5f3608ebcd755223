using AspireGateway.Gateway.Neutral;

namespace AspireGateway.Gateway.Ingress.OpenAi;

/// <summary>
/// What the model thought earlier, as clients of this dialect send it back: <c>reasoning_content</c> (or <c>reasoning</c>) holds the words,
/// <c>reasoning_details</c> the same with the provider's proof, or ciphertext.
/// </summary>
internal static class ThoughtReader
{
    /// <summary>Reads <c>reasoning_details</c>.</summary>
    public static void ReadDetails(ref BodyCursor at, ChatRequest request, List<ContentPart> thoughts)
    {
        if (!at.EnterArray()) return;
        while (at.NextItem())
        {
            if (!at.EnterObject()) continue;
            string? type = null;
            JsonText text = default, signature = default, data = default;
            while (at.NextField())
            {
                if (at.Is("type"u8)) type = at.Word();
                else if (at.Is("text"u8) || at.Is("summary"u8)) text = at.Text();
                else if (at.Is("signature"u8)) signature = at.Text();
                else if (at.Is("data"u8)) data = at.Text();
                else if (!at.Is("index"u8) && !at.Is("format"u8) && !at.Is("id"u8)) at.Unmapped(request);
            }
            if (at.Fault is not null) return;
            if (type == "reasoning.encrypted") thoughts.Add(new RedactedThinkingPart(data));
            else if (type is "reasoning.text" or "reasoning.summary") thoughts.Add(new ThinkingPart(text, signature));
            else at.Refuse("needs a 'type' of reasoning.text, reasoning.summary or reasoning.encrypted.");
        }
    }

    /// <summary>Joins words and details: where details repeat the words, they count, because they carry the proof.</summary>
    public static void Merge(JsonText words, List<ContentPart> thoughts)
    {
        if (words.IsEmpty) return;
        for (var i = 0; i < thoughts.Count; i++)
        {
            if (thoughts[i] is not ThinkingPart thinking) continue;
            if (thinking.Text.IsEmpty) thoughts[i] = thinking with { Text = words };
            return;
        }
        thoughts.Insert(0, new ThinkingPart(words, default));
    }
}
