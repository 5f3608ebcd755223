namespace AspireGateway.Shared.Domain.Routing;

/// <summary>What a request may ask for, as rules call it.</summary>
public static class RuleOperations
{
    /// <summary>An answer to a conversation, in any dialect.</summary>
    public const string Chat = "chat";

    /// <summary>How many tokens a conversation has.</summary>
    public const string CountTokens = "count_tokens";

    /// <summary>All of them; but for chats the names that usage records have.</summary>
    public static readonly IReadOnlyList<string> All =
        [Chat, CountTokens, "embeddings", "moderations", "images_generations", "audio_speech", "audio_transcriptions", "rerank"];

    /// <summary>What a rule that sends elsewhere is about unless it says so: what it sends to must be able to do it.</summary>
    public static readonly IReadOnlyList<string> OfConversations = [Chat, CountTokens];
}
