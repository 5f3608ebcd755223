using System.Buffers;
using System.Text.Json;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Shared.Domain.Quality;

namespace AspireGateway.Gateway.Routing.Quality.Feedback;

/// <summary>Reads a vote from a body. What is refused names the field; no refusal repeats what stands in it.</summary>
internal static class VoteReader
{
    /// <summary>Largest body, in bytes.</summary>
    public const int MaxBytes = 16 * 1024;

    private const int MaxId = 128, MaxName = 64, MaxComment = 2_000, MaxTags = 16, MaxTag = 128;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 4, AllowDuplicateProperties = false };

    /// <summary>The vote, or why it is none.</summary>
    public static Refusal? Read(ReadOnlySequence<byte> body, out Vote? vote)
    {
        vote = null;
        try
        {
            using var document = JsonDocument.Parse(body, Strict);
            return document.RootElement.ValueKind == JsonValueKind.Object ? Read(document.RootElement, out vote) : NoObject();
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            // The second: a name with half of a surrogate pair.
            return NoObject();
        }
    }

    private static Refusal? Read(JsonElement root, out Vote? vote)
    {
        vote = null;
        string? requestId = null, source = null, name = null, comment = null, tags = null;
        double? score = null;
        foreach (var field in root.EnumerateObject())
        {
            switch (field.Name)
            {
                case "request_id":
                    if (!IsText(field.Value, MaxId, out requestId)) return Refusal.InvalidRequest($"'request_id' must be the x-request-id of a reply, 1 to {MaxId} characters.", "request_id");
                    break;
                case "score":
                    if (field.Value.ValueKind != JsonValueKind.Number || !field.Value.TryGetDouble(out var number) || !(number is >= 0 and <= 1))
                        return Refusal.InvalidRequest("'score' must be a number from 0 (useless) to 1 (right).", "score");
                    score = number;
                    break;
                case "source":
                    if (!IsText(field.Value, MaxName, out source) || !FeedbackSources.All.Contains(source, StringComparer.Ordinal))
                        return Refusal.InvalidRequest($"'source' must be one of {string.Join(", ", FeedbackSources.All)}.", "source");
                    break;
                case "name":
                    if (field.Value.ValueKind != JsonValueKind.Null && !IsText(field.Value, MaxName, out name))
                        return Refusal.InvalidRequest($"'name' says what was judged, e.g. 'helpfulness', in 1 to {MaxName} characters.", "name");
                    break;
                case "comment":
                    if (field.Value.ValueKind != JsonValueKind.Null && !IsText(field.Value, MaxComment, out comment, mayHoldLines: true))
                        return Refusal.InvalidRequest($"'comment' must be a text of 1 to {MaxComment} characters.", "comment");
                    break;
                case "tags":
                    if (field.Value.ValueKind == JsonValueKind.Null) break;
                    if (!AreTags(field.Value)) return Refusal.InvalidRequest($"'tags' must be a list of texts, or an object of texts: at most {MaxTags}, each at most {MaxTag} characters.", "tags");
                    tags = field.Value.GetRawText();
                    break;
                default:
                    return Refusal.InvalidRequest("A field of the body is not known. Feedback has request_id, score, source, name, comment and tags.");
            }
        }
        if (requestId is null) return Refusal.InvalidRequest("'request_id' is missing: the x-request-id of the reply that is judged.", "request_id");
        if (score is null) return Refusal.InvalidRequest("'score' is missing: a number from 0 (useless) to 1 (right).", "score");
        if (source is null) return Refusal.InvalidRequest($"'source' is missing: one of {string.Join(", ", FeedbackSources.All)}.", "source");
        vote = new(requestId, score.Value, source, name ?? "", comment, tags);
        return null;
    }

    private static bool IsText(JsonElement value, int max, out string? text, bool mayHoldLines = false)
    {
        text = null;
        if (value.ValueKind != JsonValueKind.String) return false;
        try
        {
            text = value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair.
            return false;
        }
        // Postgres takes no zero character in texts.
        return text.Length >= 1 && text.Length <= max && !text.Any(c => c == '\0' || (char.IsControl(c) && !(mayHoldLines && c is '\n' or '\r' or '\t')));
    }

    private static bool AreTags(JsonElement tags) => tags.ValueKind switch
    {
        JsonValueKind.Array => tags.GetArrayLength() <= MaxTags && tags.EnumerateArray().All(tag => IsText(tag, MaxTag, out _)),
        JsonValueKind.Object => tags.GetPropertyCount() <= MaxTags && tags.EnumerateObject().All(tag => tag.Name.Length is > 0 and <= MaxTag && !tag.Name.Any(char.IsControl) && IsText(tag.Value, MaxTag, out _)),
        _ => false,
    };

    private static Refusal NoObject() => Refusal.InvalidRequest("The body must be one JSON object such as {\"request_id\": \"req_...\", \"score\": 1, \"source\": \"user\"}.");
}
