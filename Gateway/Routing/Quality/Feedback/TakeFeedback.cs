using System.Buffers;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.State;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AspireGateway.Gateway.Routing.Quality.Feedback;

/// <summary>
/// Takes a vote. Only on a request of the same key, and of the same user where the key is bound to one or the caller names one: nobody judges what others asked. The request's record
/// may still be on its way to the books: the vote then waits, and counts once the record shows whose request it was.
/// </summary>
internal sealed class TakeFeedback(FeedbackStore store, FeedbackRate rate, FeedbackMatcher matcher, SnapshotHolder configuration, IOptions<FeedbackOptions> options, TimeProvider time)
{
    private const string UserHeader = "x-gateway-user";
    private const int MaxUser = 128;

    /// <summary>Takes it, or says why not.</summary>
    public async Task<(Refusal? Refusal, FeedbackAnswer Answer)> RunAsync(Caller caller, HttpContext http)
    {
        if (!rate.TryTake(caller.Key.Id, out var secondsLeft))
        {
            return (Refusal.RateLimited(
                $"Key '{caller.Key.Name}' gave {options.Value.VotesPerMinute} votes in this minute, as many as a key may. The next minute begins in {secondsLeft} s.", secondsLeft), default);
        }
        if (Voter(caller, http, out var user) is { } badUser) return (badUser, default);
        var (tooLarge, body) = await ReadAsync(http);
        if (tooLarge is not null) return (tooLarge, default);
        if (VoteReader.Read(body, out var vote) is { } refusal) return (refusal, default);
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
            limit.CancelAfter(options.Value.StoreMs);
            return await KeepAsync(caller, vote! with { User = user }, limit.Token);
        }
        catch (Exception fault) when (fault is NpgsqlException or TimeoutException or OperationCanceledException && !http.RequestAborted.IsCancellationRequested)
        {
            return (Refusal.StoreUnavailable("The books cannot be read now, so the vote was not kept. Send it again shortly."), default);
        }
    }

    private async Task<(Refusal? Refusal, FeedbackAnswer Answer)> KeepAsync(Caller caller, Vote vote, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var since = now.AddDays(-options.Value.MaxAgeDays);
        var owner = await store.FindAsync(caller.Organisation.Id, caller.Key.Id, vote.RequestId, since, cancellationToken);
        if (owner is not null && (owner.Key != caller.Key.Id || (vote.User is not null && vote.User != owner.User)))
        {
            return (Refusal.RequestNotFound(
                $"Key '{caller.Key.Name}' made no such request{(vote.User is null ? "" : " for this user")} in the last {options.Value.MaxAgeDays} days. Judge a request with the key that made it, by the x-request-id of its reply."),
                default);
        }
        var (id, usage, isAgain) = await store.SaveAsync(caller.Organisation.Id, caller.Key.Id, vote, now, cancellationToken);
        if (usage is { } known) await store.NoteAsync(known.Id, known.At, cancellationToken);
        else
        {
            var matched = await store.MatchAsync(id, now.AddMinutes(-1), since, cancellationToken);
            CanaryVotes.Count(configuration.Current, matched);
            if (matched.Count == 0)
            {
                matcher.Expect();
                return (null, FeedbackAnswer.Waiting);
            }
        }
        return (null, isAgain ? FeedbackAnswer.Replaced : FeedbackAnswer.Counted);
    }

    private static Refusal? Voter(Caller caller, HttpContext http, out string? user)
    {
        user = caller.Key.UserId;
        if (user is not null || !http.Request.Headers.TryGetValue(UserHeader, out var given)) return null;
        if (given is not [{ Length: > 0 and <= MaxUser } one]) return Refusal.InvalidRequest($"Header '{UserHeader}' must be one value of 1 to {MaxUser} characters.", UserHeader);
        user = one;
        return null;
    }

    private static async Task<(Refusal? TooLarge, ReadOnlySequence<byte> Body)> ReadAsync(HttpContext http)
    {
        var bytes = new byte[VoteReader.MaxBytes + 1];
        var length = 0;
        for (int read; length < bytes.Length && (read = await http.Request.Body.ReadAsync(bytes.AsMemory(length), http.RequestAborted)) > 0;) length += read;
        return length > VoteReader.MaxBytes ? (Refusal.TooLarge($"A vote has at most {VoteReader.MaxBytes / 1024} KiB."), default) : (null, new(bytes, 0, length));
    }
}

/// <summary>What became of a vote.</summary>
internal enum FeedbackAnswer
{
    /// <summary>It counts.</summary>
    Counted,

    /// <summary>It counts instead of the one before, on the same request and name.</summary>
    Replaced,

    /// <summary>It counts as soon as the request's record is in the books.</summary>
    Waiting,
}
