using System.Security.Cryptography;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Portal.Content.Reading;

/// <summary>
/// Looks for words in kept texts, for a reason that stands in the audit. There is no index, as that would be the texts in other words on a disk: each row of the window is decrypted in memory and looked at, newest
/// first, up to bounds; an answer says where to go on. For security reviewers and auditors.
/// </summary>
public sealed class SearchContent(ConfigurationWriter writer, ContentReader reader, TimeProvider clock)
{
    /// <summary>Most rows that one search looks at.</summary>
    public const int MaxRows = 5_000;

    /// <summary>Most characters that one search looks at.</summary>
    public const long MaxCharacters = 128 * 1024 * 1024;

    /// <summary>Most hits of one answer.</summary>
    public const int MaxHits = 50;

    /// <summary>Longest time of one search.</summary>
    public static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan UsualWindow = TimeSpan.FromDays(7);

    /// <summary>Searches. The audit entry is written before the first row is decrypted.</summary>
    /// <param name="actor">Who searches.</param>
    /// <param name="request">What, where and what for.</param>
    /// <param name="progress">Told now and then; null = nobody watches.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<Result<ContentSearchResult>> RunAsync(Actor actor, SearchContentRequest request, IProgress<ContentProgress>? progress, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ReadContent) is { } refusal) return refusal;
        var organisation = actor.OrganisationId!.Value;
        var checks = new FieldChecks();
        var reason = ContentRights.Reason(checks, request.Reason);
        var text = checks.Text("text", request.Text, 200);
        checks.Must(text.Length is 0 or >= 3, "text", "text must be at least 3 characters long.");
        var words = SearchWords.Read(text);
        checks.Must(words is not null || text.Length == 0, "text", "text holds no word.");
        var user = checks.Optional("user_id", request.UserId, ContentRights.MaxUser);
        var from = request.From ?? clock.GetUtcNow() - UsualWindow;
        checks.Must(request.To is not { } to || to > from, "to", "to must be later than from.");
        if (!Cursor.TryRead(request.After, out var afterAt, out var afterId)) return Cursor.Fault;
        if (checks.Failure is { } faults) return faults;

        var noted = await writer.WriteAsync<Done>(actor, (write, _) =>
        {
            write.Note("content.search", ConfigurationKinds.Content, write.NewId(), organisation, new ContentSearchLook(reason, from, request.To, request.TeamId, user), DocumentJson.Default.ContentSearchLook);
            return Task.FromResult<Result<Done>>(new Done());
        }, cancellationToken);
        if (noted.Failure is { } unwritten) return unwritten;
        try
        {
            return await LookAsync(new(organisation, from, request.To, request.TeamId, user), words!, afterAt is { } at ? (at, afterId!.Value) : null, progress, cancellationToken);
        }
        catch (CryptographicException)
        {
            return new Failure.Conflict(RevealContent.WrongMasterKey);
        }
    }

    private async Task<Result<ContentSearchResult>> LookAsync(ContentWindow window, SearchWords words, (DateTimeOffset At, Guid Id)? after, IProgress<ContentProgress>? progress, CancellationToken cancellationToken)
    {
        var (hits, looked, unreadable, characters, began) = (new List<ContentHit>(), 0, 0, 0L, clock.GetTimestamp());
        var all = progress is null ? 0 : await reader.CountAsync(window, MaxRows, cancellationToken);
        string? next = null;
        await foreach (var row in reader.ReadAsync(window, after, cancellationToken))
        {
            looked++;
            characters += (row.Prompt?.Length ?? 0) + (row.Reply?.Length ?? 0);
            if (row.IsUnreadable) unreadable++;
            else if (words.Find(row) is { } hit)
                hits.Add(new() { Id = row.Id, At = row.At, TeamId = row.TeamId, UserId = row.UserId, Model = row.Model, State = row.State, In = hit.In, Excerpt = hit.Excerpt });
            if (looked % 50 == 0) progress?.Report(new(looked, Math.Max(all, looked), hits.Count));
            if (hits.Count < MaxHits && looked < MaxRows && characters < MaxCharacters && clock.GetElapsedTime(began) < MaxTime) continue;
            next = Cursor.Of(row.At, row.Id);
            break;
        }
        return new ContentSearchResult { Items = hits, Looked = looked, Unreadable = unreadable, Next = next };
    }
}
