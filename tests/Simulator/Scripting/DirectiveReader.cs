using System.Collections.Frozen;
using System.Globalization;

namespace AspireGateway.Simulator.Scripting;

/// <summary>
/// Reads <c>name=value; name; name="value; with semicolon"</c>. An unknown name or a bad value is a fault with a sentence
/// that says so, never ignored: a test whose fault did not happen would pass for the wrong reason.
/// </summary>
internal static class DirectiveReader
{
    private const int MaxMs = 3_600_000;
    private const int MaxCount = 1_000_000;
    private const string HeaderPrefix = "header-";
    private const string MarkerStart = "[[sim:";
    private const string MarkerEnd = "]]";

    private static readonly FrozenDictionary<string, Setter> Setters = new Dictionary<string, Setter>(StringComparer.Ordinal)
    {
        ["status"] = Number(200, 599, static (d, n) => d with { Status = n }),
        ["retry-after"] = Number(0, 86_400, static (d, n) => d with { RetryAfter = n }),
        ["error-body"] = OneOf(static (d, body) => d with { ErrorBody = body },
            ("json", ErrorBody.Json), ("html", ErrorBody.Html), ("empty", ErrorBody.Empty)),
        ["error-code"] = Text(static (d, s) => d with { ErrorCode = s }),
        ["error-message"] = Text(static (d, s) => d with { ErrorMessage = s }),
        ["failure"] = OneOf(static (d, kind) => d with { Failure = kind },
            ("context-length", FailureKind.ContextLength), ("content-policy", FailureKind.ContentPolicy), ("rate-limit", FailureKind.RateLimit),
            ("quota", FailureKind.Quota), ("overloaded", FailureKind.Overloaded), ("bad-key", FailureKind.BadKey), ("no-model", FailureKind.NoModel)),
        ["response-failed"] = Flag(static d => d with { ResponseFailed = true }),
        ["lenient"] = Flag(static d => d with { Lenient = true }),
        ["strict-fields"] = OneOf(static (d, n) => d with { StrictFields = n }, ("400", 400), ("422", 422)),
        ["slow-headers-ms"] = Number(0, MaxMs, static (d, n) => d with { SlowHeadersMs = n }),
        ["latency-ms"] = Number(0, MaxMs, static (d, n) => d with { LatencyMs = n }),
        ["first-token-ms"] = Number(0, MaxMs, static (d, n) => d with { FirstTokenMs = n }),
        ["chunk-ms"] = Number(0, MaxMs, static (d, n) => d with { ChunkMs = n }),
        ["stall-before-first"] = Flag(static d => d with { StallBeforeFirst = true }),
        ["stall-after-headers"] = Flag(static d => d with { StallAfterHeaders = true }),
        ["stall-after"] = Number(0, MaxCount, static (d, n) => d with { StallAfter = n }),
        ["cut-before-first"] = Flag(static d => d with { CutBeforeFirst = true }),
        ["cut-after"] = Number(0, MaxCount, static (d, n) => d with { CutAfter = n }),
        ["end-after"] = Number(0, MaxCount, static (d, n) => d with { EndAfter = n }),
        ["error-after"] = Number(0, MaxCount, static (d, n) => d with { ErrorAfter = n }),
        ["malformed-after"] = Number(0, MaxCount, static (d, n) => d with { MalformedAfter = n }),
        ["no-done"] = Flag(static d => d with { NoDone = true }),
        ["chunked-split"] = Number(1, MaxCount, static (d, n) => d with { ChunkedSplit = n }),
        ["chunks"] = Number(1, MaxCount, static (d, n) => d with { Chunks = n }),
        ["body-bytes"] = Number(1, 256 << 20, static (d, n) => d with { BodyBytes = n }),
        ["text"] = Text(static (d, s) => d with { Text = s }),
        ["finish-reason"] = Text(static (d, s) => d with { FinishReason = s }),
        ["served-model"] = Text(static (d, s) => d with { ServedModel = s }),
        ["content-type"] = Text(static (d, s) => d with { ContentType = s }),
        ["no-usage"] = Flag(static d => d with { NoUsage = true }),
        ["wrong-usage"] = Number(0, int.MaxValue, static (d, n) => d with { PromptTokens = n, CompletionTokens = n }),
        ["prompt-tokens"] = Number(0, int.MaxValue, static (d, n) => d with { PromptTokens = n }),
        ["cached-tokens"] = Number(0, int.MaxValue, static (d, n) => d with { CachedTokens = n }),
        ["completion-tokens"] = Number(0, int.MaxValue, static (d, n) => d with { CompletionTokens = n }),
        ["cache-write-tokens"] = Number(0, int.MaxValue, static (d, n) => d with { CacheWriteTokens = n }),
        ["talk-first"] = Flag(static d => d with { TalkFirst = true }),
        ["refusal"] = Text(static (d, s) => d with { Refusal = s }),
        ["reasoning-field"] = OneOf(static (d, s) => d with { ReasoningField = s }, ("reasoning_content", "reasoning_content"), ("reasoning", "reasoning")),
        ["block-reason"] = Text(static (d, s) => d with { BlockReason = s }),
        ["filter-results"] = Flag(static d => d with { FilterResults = true }),
        ["no-base64"] = Flag(static d => d with { NoBase64 = true }),
        ["expires-in"] = Number(0, 86_400, static (d, n) => d with { ExpiresIn = n }),
        ["reasoning-tokens"] = Number(0, int.MaxValue, static (d, n) => d with { ReasoningTokens = n }),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private delegate string? Setter(ref Directives directives, string? value);

    /// <summary>Adds the directives of a text to those known so far; the later one wins. Returns the fault, or null.</summary>
    public static string? TryApply(ReadOnlySpan<char> text, Directives before, out Directives after)
    {
        after = before;
        while (!(text = text.TrimStart(" ;\t\r\n")).IsEmpty)
        {
            var nameEnd = text.IndexOfAny("=;");
            var name = (nameEnd < 0 ? text : text[..nameEnd]).Trim().ToString();
            string? value = null;
            if (nameEnd < 0) text = default;
            else if (text[nameEnd] == ';') text = text[(nameEnd + 1)..];
            else if (TakeValue(text[(nameEnd + 1)..], out text) is { } taken) value = taken;
            else return $"Simulator directive '{name}': its quoted value has no closing quote.";

            if (Apply(ref after, name, value) is { } fault) return fault;
        }

        return null;
    }

    /// <summary>Adds the directives that stand in a message as <c>[[sim: ...]]</c>. Returns the fault, or null.</summary>
    public static string? TryApplyMarked(string message, Directives before, out Directives after)
    {
        after = before;
        var rest = message.AsSpan();
        while (NextMarker(rest, out var start, out var end))
        {
            if (TryApply(rest[(start + MarkerStart.Length)..end], after, out after) is { } fault) return fault;
            rest = rest[(end + MarkerEnd.Length)..];
        }

        return null;
    }

    /// <summary>The message without its <c>[[sim: ...]]</c> markers.</summary>
    public static string WithoutMarkers(string message)
    {
        while (NextMarker(message, out var start, out var end)) message = message.Remove(start, end + MarkerEnd.Length - start);
        return message.Trim();
    }

    private static bool NextMarker(ReadOnlySpan<char> text, out int start, out int end)
    {
        start = text.IndexOf(MarkerStart, StringComparison.Ordinal);
        end = start < 0 ? -1 : text[start..].IndexOf(MarkerEnd, StringComparison.Ordinal) + start;
        return start >= 0 && end > start;
    }

    private static string? TakeValue(ReadOnlySpan<char> text, out ReadOnlySpan<char> rest)
    {
        text = text.TrimStart();
        var quoted = text.StartsWith("\"");
        if (quoted) text = text[1..];
        var end = text.IndexOf(quoted ? '"' : ';');
        if (quoted && end < 0)
        {
            rest = default;
            return null;
        }

        rest = end < 0 ? default : text[(end + 1)..];
        var value = end < 0 ? text : text[..end];
        return (quoted ? value : value.Trim()).ToString();
    }

    private static string? Apply(ref Directives directives, string name, string? value)
    {
        if (Setters.TryGetValue(name, out var set))
            return set(ref directives, value) is { } fault ? $"Simulator directive '{name}' {fault}." : null;
        if (name.StartsWith(HeaderPrefix, StringComparison.Ordinal) && name.Length > HeaderPrefix.Length && value is not null)
        {
            directives = directives with { Headers = directives.Headers.Add(new(name[HeaderPrefix.Length..], value)) };
            return null;
        }

        return $"Unknown simulator directive '{name}'. Known are {string.Join(", ", Setters.Keys.Order(StringComparer.Ordinal))}, {HeaderPrefix}NAME.";
    }

    private static Setter Flag(Func<Directives, Directives> set) => (ref Directives directives, string? value) =>
    {
        if (value is not null) return "takes no value";
        directives = set(directives);
        return null;
    };

    private static Setter Text(Func<Directives, string, Directives> set) => (ref Directives directives, string? value) =>
    {
        if (value is null) return "needs a value";
        directives = set(directives, value);
        return null;
    };

    private static Setter Number(int least, int most, Func<Directives, int, Directives> set) => (ref Directives directives, string? value) =>
    {
        if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < least || number > most)
            return $"needs a whole number from {least} to {most}, not '{value}'";
        directives = set(directives, number);
        return null;
    };

    private static Setter OneOf<T>(Func<Directives, T, Directives> set, params (string Name, T Value)[] choices) =>
        (ref Directives directives, string? value) =>
        {
            foreach (var choice in choices)
            {
                if (choice.Name != value) continue;
                directives = set(directives, choice.Value);
                return null;
            }

            return $"needs one of {string.Join(", ", choices.Select(c => c.Name))}, not '{value}'";
        };
}
