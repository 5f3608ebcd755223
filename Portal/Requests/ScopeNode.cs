using AspireGateway.Shared.Contracts;
using AspireGateway.Shared.Domain.Limits;

namespace AspireGateway.Portal.Requests;

/// <summary>A scope that a request was counted under.</summary>
/// <param name="Depth">How far it stands to the right.</param>
/// <param name="Kind">Of <see cref="ScopeKinds"/>.</param>
/// <param name="Name">Its name; null = the one there is.</param>
/// <param name="Refused">Whether it is the one that refused.</param>
public sealed record ScopeNode(int Depth, string Kind, string? Name, bool Refused)
{
    /// <summary>The scopes of a request, from wide to narrow.</summary>
    public static IReadOnlyList<ScopeNode> Of(RequestRow request, JourneyRefusal refusal)
    {
        (int, string, string?, bool)[] all =
        [
            (0, ScopeKinds.Global, null, refusal.ScopeKind == ScopeKinds.Global), (1, ScopeKinds.Organisation, null, true), (2, ScopeKinds.Team, request.TeamName ?? "deleted", true),
            (3, ScopeKinds.Key, request.KeyName ?? "deleted", true), (3, ScopeKinds.User, request.UserId, request.UserId is not null),
            (2, ScopeKinds.Feature, request.Feature, request.Feature is not null), (2, ScopeKinds.Agent, request.Agent, request.Agent is not null),
            (2, ScopeKinds.Model, request.Model, request.Model is not null), (3, ScopeKinds.Deployment, null, refusal.ScopeKind == ScopeKinds.Deployment),
        ];
        return [.. all.Where(n => n.Item4).Select(n => new ScopeNode(n.Item1, n.Item2, n.Item3, n.Item2 == refusal.ScopeKind))];
    }
}
