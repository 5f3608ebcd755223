namespace AspireGateway.Gateway.Routing.Quality.Feedback;

/// <summary>A vote as a caller gave it.</summary>
/// <param name="RequestId">The request, as <c>x-request-id</c> of its reply names it.</param>
/// <param name="Score">0 to 1.</param>
/// <param name="Source">Of <see cref="Shared.Domain.Quality.FeedbackSources"/>.</param>
/// <param name="Name">What was judged; empty = the reply as a whole.</param>
/// <param name="Comment">The voter's words.</param>
/// <param name="Tags">A JSON array of texts, or an object of them.</param>
internal sealed record Vote(string RequestId, double Score, string Source, string Name, string? Comment, string? Tags)
{
    /// <summary>The user that the caller says it votes for, or that its key is bound to; null = whoever the request was for.</summary>
    public string? User { get; init; }
}
