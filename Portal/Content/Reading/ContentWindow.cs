namespace AspireGateway.Portal.Content.Reading;

/// <summary>Which kept texts are looked at.</summary>
/// <param name="Organisation">Whose.</param>
/// <param name="From">No earlier requests; null = as far as any are kept.</param>
/// <param name="To">Only earlier ones; null = up to now.</param>
/// <param name="Team">Only this team's; null = every one's.</param>
/// <param name="User">Only this user's; null = everybody's.</param>
/// <param name="Id">Only this request's; null = all.</param>
public sealed record ContentWindow(Guid Organisation, DateTimeOffset? From = null, DateTimeOffset? To = null, Guid? Team = null, string? User = null, Guid? Id = null);
