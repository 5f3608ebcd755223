using System.Security.Cryptography;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Keys;
using AspireGateway.Portal.Scopes;
using AspireGateway.Portal.Security;

namespace AspireGateway.Portal.Playground;

/// <summary>
/// The keys that one tab asks with: one for each team, issued at the first question and revoked when the tab is closed. Their secrets are in memory
/// only; where the portal dies before it can revoke them, their expiry does.
/// </summary>
public sealed partial class PlaygroundKeys(IssueKey issue, RevokeKeys revoke, TimeProvider clock, ILogger<PlaygroundKeys> logger) : IAsyncDisposable
{
    /// <summary>Feature that all questions are booked on.</summary>
    public const string Feature = "playground";

    /// <summary>How long a key works; a question after that gets a new one.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(30);

    // Long enough for an answer that has just begun.
    private static readonly TimeSpan Reserve = TimeSpan.FromMinutes(6), RevokeDeadline = TimeSpan.FromSeconds(5);
    private const int MaxWho = 60;

    private readonly Dictionary<(Guid Team, string Who), Held> keys = [];

    /// <summary>The secret to ask with for this team; the actor's right is checked at every question, not only at the first.</summary>
    /// <param name="actor">Who asks: the key is theirs, and books on them.</param>
    /// <param name="team">The team that pays.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<Result<string>> OpenAsync(Actor actor, Guid team, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(actor);
        if (Permissions.Refuse(actor, Permission.ManageKeys, team, actor.UserId) is { } refusal) return refusal;
        var now = clock.GetUtcNow();
        if (keys.TryGetValue((team, actor.Name), out var held) && held.Until - now > Reserve) return held.Secret;

        var issued = await issue.OwnAsync(actor, new()
        {
            TeamId = team, Name = NameFor(actor), Feature = Feature, ExpiresAt = now + Lifetime,
            // A name that is too long for a pin is still the same person by its id.
            UserId = actor.Name.Length <= ScopeFinder.MaxName ? actor.Name : actor.UserId?.ToString() ?? actor.Name[..ScopeFinder.MaxName],
        }, cancellationToken);
        if (issued.Failure is { } failure) return failure;
        if (held is not null) await RevokeAsync([held]);
        keys[(team, actor.Name)] = new(issued.Value.Key.Id, issued.Value.Secret, now + Lifetime, actor);
        return issued.Value.Secret;
    }

    /// <summary>Revokes them: the tab is closed.</summary>
    public async ValueTask DisposeAsync()
    {
        var left = keys.Values.ToList();
        keys.Clear();
        await RevokeAsync(left);
    }

    private async Task RevokeAsync(IReadOnlyList<Held> left)
    {
        using var deadline = new CancellationTokenSource(RevokeDeadline, clock);
        foreach (var one in left)
        {
            try
            {
                var result = await revoke.RunAsync(one.Actor, new() { Ids = [one.Id] }, deadline.Token);
                if (result.Failure is { } failure) Log.NotRevoked(logger, one.Id, failure.Message);
            }
            // The edge: nobody is there any more who could be told, and the key ends by itself.
            catch (Exception fault) when (fault.IsStoreAway() || fault is OperationCanceledException)
            {
                Log.NotRevoked(logger, one.Id, "The database did not answer.");
            }
        }
    }

    // Unique among the team's keys, and telling in a list of them.
    private static string NameFor(Actor actor) =>
        $"Playground of {(actor.Name.Length <= MaxWho ? actor.Name : actor.Name[..MaxWho])}, {RandomNumberGenerator.GetHexString(6, lowercase: true)}";

    private sealed record Held(Guid Id, string Secret, DateTimeOffset Until, Actor Actor)
    {
        // A record writes out its members; this one must not.
        public override string ToString() => Id.ToString();
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The playground's key {Key} was not revoked and works until it expires: {Reason}")]
        public static partial void NotRevoked(ILogger logger, Guid key, string reason);
    }
}
