using System.Runtime.InteropServices;

namespace AspireGateway.Portal.Content.Reading;

/// <summary>What is looked for, where and what for.</summary>
public sealed record SearchContentRequest
{
    /// <summary>What for, 10 to 500 characters; stands in the audit.</summary>
    public string? Reason { get; init; }

    /// <summary>Words that must all stand in a request's texts, in any order and case; what stands in double quotes is one. 3 to 200 characters. Not in the audit.</summary>
    public string? Text { get; init; }

    /// <summary>No earlier requests; missing = of the last seven days.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Only earlier requests; missing = up to now.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Only this team's requests.</summary>
    public Guid? TeamId { get; init; }

    /// <summary>Only this user's requests.</summary>
    public string? UserId { get; init; }

    /// <summary>The <c>next</c> of the answer before; the search goes on there, as a search of its own in the audit.</summary>
    public string? After { get; init; }
}

/// <summary>What was found.</summary>
public sealed record ContentSearchResult
{
    /// <summary>Requests whose texts hold the words, newest first.</summary>
    public required IReadOnlyList<ContentHit> Items { get; init; }

    /// <summary>Requests whose texts were decrypted and looked at.</summary>
    public required int Looked { get; init; }

    /// <summary>Of these, rows that did not open: damaged, or moved from another request.</summary>
    public required int Unreadable { get; init; }

    /// <summary>Where the search stopped at one of its bounds; null = the whole window was looked at.</summary>
    public string? Next { get; init; }
}

/// <summary>A request whose texts hold the words.</summary>
public sealed record ContentHit
{
    /// <summary>The request: its usage record.</summary>
    public required Guid Id { get; init; }

    /// <summary>When it arrived.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The team.</summary>
    public required Guid TeamId { get; init; }

    /// <summary>The end user, as long as the usage record is kept.</summary>
    public string? UserId { get; init; }

    /// <summary>The logical model.</summary>
    public string? Model { get; init; }

    /// <summary>How it ended.</summary>
    public required string State { get; init; }

    /// <summary>Where the first of the words stands: <c>prompt</c> or <c>reply</c>.</summary>
    public required string In { get; init; }

    /// <summary>That place with what is around it.</summary>
    public required string Excerpt { get; init; }
}

/// <summary>How far a search is.</summary>
/// <param name="Looked">Requests that were looked at.</param>
/// <param name="Of">Requests in the window, counted up to the search's bound.</param>
/// <param name="Found">Of these, those that hold the words.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ContentProgress(int Looked, int Of, int Found);
