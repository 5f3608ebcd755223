namespace AspireGateway.Portal.Audit;

/// <summary>What the page of one change shows.</summary>
/// <param name="Change">The change.</param>
/// <param name="Names">Names of the ids in it.</param>
/// <param name="MayUndo">Whether there is a way back, and the visitor may edit something.</param>
/// <param name="WhyNot">Why there is none; null = there is, or it was taken.</param>
public sealed record AuditEntryData(AuditRow Change, IReadOnlyDictionary<Guid, string> Names, bool MayUndo, string? WhyNot);
