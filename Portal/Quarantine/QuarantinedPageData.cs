namespace AspireGateway.Portal.Quarantine;

/// <summary>What the page of one quarantined request shows.</summary>
/// <param name="Request">The request.</param>
/// <param name="MayDecide">Whether the visitor may decide on it.</param>
/// <param name="MayRead">Whether the visitor may read its text.</param>
public sealed record QuarantinedPageData(QuarantineRow Request, bool MayDecide, bool MayRead);
