namespace AspireGateway.Shared.Checks;

/// <summary>What a check is asked.</summary>
/// <param name="RequestId">The request.</param>
/// <param name="Text">Its texts, a line end between them.</param>
/// <param name="IsReply">Whether they are a reply.</param>
/// <param name="Organisation">Whose request.</param>
/// <param name="Team">Which team's.</param>
/// <param name="Key">Which key's.</param>
/// <param name="Language">The text's language by ISO 639-1; English where it cannot be told.</param>
internal sealed record CheckQuestion(string RequestId, string Text, bool IsReply, string Organisation, string Team, string Key, string Language);
