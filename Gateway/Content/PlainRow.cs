namespace AspireGateway.Gateway.Content;

/// <summary>A row of <c>content_records</c> before it is encrypted.</summary>
/// <param name="Capture">What it belongs to.</param>
/// <param name="Plain">The texts as JSON.</param>
/// <param name="HasPrompt">Whether what was asked is among them.</param>
/// <param name="HasReply">Whether what was answered is.</param>
/// <param name="IsTruncated">Whether something of them is missing.</param>
internal sealed record PlainRow(ContentCapture Capture, byte[] Plain, bool HasPrompt, bool HasReply, bool IsTruncated);
