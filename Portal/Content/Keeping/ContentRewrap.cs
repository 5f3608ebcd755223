namespace AspireGateway.Portal.Content.Keeping;

/// <summary>A change of the master key as the audit keeps it.</summary>
/// <param name="Keys">Keys that are wrapped under the new one now.</param>
public sealed record ContentRewrap(int Keys);
