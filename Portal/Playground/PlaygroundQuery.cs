using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Keys;
using AspireGateway.Portal.Security;

namespace AspireGateway.Portal.Playground;

/// <summary>What the playground offers for choice.</summary>
/// <param name="Teams">Teams that may pay for the visitor's questions, at most 200.</param>
/// <param name="Models">Names of the organisation's logical models, its default first, at most 200.</param>
public sealed record PlaygroundChoices(IReadOnlyList<TeamChoice> Teams, IReadOnlyList<string> Models)
{
    /// <summary>The team of this id, the first one where none is named; null = it is not among them.</summary>
    public TeamChoice? Team(Guid? id) => id is null ? (Teams is [var first, ..] ? first : null) : Teams.FirstOrDefault(t => t.Id == id);
}

/// <summary>Reads what the visitor may ask, and for whom.</summary>
public sealed class PlaygroundQuery(KeyChoicesQuery choices)
{
    /// <summary>The choices of this actor; refused to those who may not issue themselves a key.</summary>
    public async Task<Result<PlaygroundChoices>> RunAsync(Actor actor, CancellationToken cancellationToken)
    {
        // Asked here and not only below: others may see teams and models, but nothing that they ask could be paid for.
        if (Permissions.Refuse(actor, Permission.ManageKeys) is { } refusal) return refusal;
        var found = await choices.RunAsync(actor, cancellationToken);
        return found.Failure is { } failure ? failure : new PlaygroundChoices(found.Value.Teams, found.Value.Models);
    }
}
