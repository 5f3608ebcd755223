namespace AspireGateway.Portal.Content.Reading;

/// <summary>A look at one request's texts as the audit keeps it.</summary>
/// <param name="Reason">What for, in their words.</param>
public sealed record ContentLook(string Reason);

/// <summary>A search as the audit keeps it: through whose texts, and what for. What was looked for is not kept, as it is often the very thing that shall stand nowhere.</summary>
/// <param name="Reason">What for, in their words.</param>
/// <param name="From">No earlier requests.</param>
/// <param name="To">Only earlier ones.</param>
/// <param name="TeamId">Only this team's.</param>
/// <param name="UserId">Only this user's.</param>
public sealed record ContentSearchLook(string Reason, DateTimeOffset? From, DateTimeOffset? To, Guid? TeamId, string? UserId);

/// <summary>An export as the audit keeps it.</summary>
/// <param name="Reason">What for, in their words.</param>
/// <param name="UserId">Whose texts.</param>
public sealed record ContentExportLook(string Reason, string UserId);
