using AspireGateway.Portal.Configuration;

namespace AspireGateway.Portal.Keys;

/// <summary>What the keys page shows.</summary>
/// <param name="Page">The keys.</param>
/// <param name="Teams">The teams to filter by and to issue for.</param>
/// <param name="Models">Names of the organisation's logical models.</param>
/// <param name="MayIssue">Whether the visitor may issue and change keys somewhere.</param>
public sealed record KeysPageData(Page<KeyRow> Page, IReadOnlyList<TeamChoice> Teams, IReadOnlyList<string> Models, bool MayIssue);

/// <summary>A team to choose.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="AllowedModels">Its ceiling; empty = every model.</param>
public sealed record TeamChoice(Guid Id, string Name, IReadOnlyList<string> AllowedModels);
