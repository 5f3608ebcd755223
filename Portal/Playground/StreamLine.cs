using System.Text.Json;
using AspireGateway.Portal.Configuration;

namespace AspireGateway.Portal.Playground;

/// <summary>Reads the lines of a streamed chat completion: OpenAI's events, and the gateway's comment with what it cost (contracts.md, "Response headers").</summary>
internal static class StreamLine
{
    private const string Data = "data:", Comment = ": gateway ", End = "[DONE]";

    /// <summary>Takes one line into the answer.</summary>
    public static void Read(string line, PlaygroundAnswer answer)
    {
        var isData = line.StartsWith(Data, StringComparison.Ordinal);
        if (!isData && !line.StartsWith(Comment, StringComparison.Ordinal)) return;
        var json = line.AsMemory(isData ? Data.Length : Comment.Length).Trim();
        if (isData && json.Span.SequenceEqual(End))
        {
            answer.End(PlaygroundStage.Done);
            return;
        }
        try
        {
            using var document = JsonDocument.Parse(json);
            if (isData) TakeEvent(document.RootElement, answer);
            else TakeCost(document.RootElement, answer);
        }
        catch (Exception unreadable) when (unreadable is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            answer.End(PlaygroundStage.Broken, "The answer could not be read as a chat completion.");
        }
    }

    private static void TakeEvent(JsonElement root, PlaygroundAnswer answer)
    {
        if (root.TryGetProperty("error", out var error))
        {
            answer.End(PlaygroundStage.Broken, error.TryGetProperty("message", out var message) && message.GetString() is { Length: > 0 } said ? said : "The answer was broken off without a reason.");
            return;
        }
        if (!root.TryGetProperty("choices", out var choices) || choices.GetArrayLength() == 0) return;
        var choice = choices[0];
        if (choice.TryGetProperty("delta", out var delta) && delta.ValueKind == JsonValueKind.Object)
        {
            if (TextOf(delta, "reasoning_content") is not null || TextOf(delta, "reasoning") is not null) Begin(answer, PlaygroundStage.Thinking);
            if (TextOf(delta, "content") is { } said)
            {
                Begin(answer, PlaygroundStage.Answering);
                if (!answer.Add(said)) answer.End(PlaygroundStage.Broken, "The answer is longer than what this page keeps.");
            }
            // A model that declines says so in a field of its own.
            if (TextOf(delta, "refusal") is { } declined)
            {
                Begin(answer, PlaygroundStage.Answering);
                answer.Add(declined);
                answer.Remark = "The model declined to answer.";
            }
        }
        answer.Remark = TextOf(choice, "finish_reason") switch
        {
            "length" => "It ran into the most tokens that were asked for.",
            "content_filter" => "The provider's filter cut it off.",
            _ => answer.Remark,
        };
    }

    private static void TakeCost(JsonElement root, PlaygroundAnswer answer)
    {
        // As the text that it is: a double would lose nano-USD.
        answer.CostNanoUsd = UsdAmount.Parse(root.GetProperty("cost_usd").GetRawText()).NanoUsd;
        answer.InputTokens = root.GetProperty("input_tokens").GetInt64();
        answer.OutputTokens = root.GetProperty("output_tokens").GetInt64();
        answer.Estimated = root.TryGetProperty("estimated", out var estimated) && estimated.ValueKind == JsonValueKind.True;
    }

    private static void Begin(PlaygroundAnswer answer, PlaygroundStage stage)
    {
        if (answer.Stage < stage) answer.Stage = stage;
    }

    private static string? TextOf(JsonElement of, string name) =>
        of.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String && text.GetString() is { Length: > 0 } written ? written : null;
}
