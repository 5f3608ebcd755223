namespace AspireGateway.Shared.Checks;

/// <summary>A picture or a sound that a check is to read.</summary>
/// <param name="RequestId">The request.</param>
/// <param name="Bytes">Its bytes; nobody changes them any more, because a connection may still be sending them when the wait is over.</param>
/// <param name="Type">Its media type by its bytes.</param>
internal sealed record CheckMedia(string RequestId, byte[] Bytes, string Type);
