using AspireGateway.Portal.Configuration;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Portal.Keys;

/// <summary>What the keys page shows.</summary>
/// <param name="Page">The keys.</param>
/// <param name="Teams">The teams to filter by and to issue for.</param>
/// <param name="Models">Names of the organisation's logical models, its default first.</param>
/// <param name="MayIssue">Whether the visitor may issue and change keys somewhere.</param>
public sealed record KeysPageData(Page<KeyRow> Page, IReadOnlyList<TeamChoice> Teams, IReadOnlyList<string> Models, bool MayIssue)
{
    /// <summary>Whether the visitor may give keys a tier.</summary>
    public bool MayTier { get; init; }

    /// <summary>Keys that a policy holds and that the visitor may let go.</summary>
    public IReadOnlySet<Guid> Liftable { get; init; } = new HashSet<Guid>();
}

/// <summary>A team to choose.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="AllowedModels">Its ceiling; empty = every model.</param>
/// <param name="DefaultModel">Its default model; null = the organisation's.</param>
public sealed record TeamChoice(Guid Id, string Name, IReadOnlyList<string> AllowedModels, string? DefaultModel)
{
    /// <summary>Those of the models that its keys may use, the one that it uses by default first.</summary>
    public IReadOnlyList<string> Usable(IReadOnlyList<string> models) =>
        [.. models.Where(m => ModelPattern.AnyMatches(AllowedModels, m)).OrderBy(m => !string.Equals(m, DefaultModel, StringComparison.Ordinal))];
}
