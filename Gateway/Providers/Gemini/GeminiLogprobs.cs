using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using AspireGateway.Gateway.Neutral;

namespace AspireGateway.Gateway.Providers.Gemini;

/// <summary>
/// Reads <c>logprobsResult</c> (Gemini API and Vertex AI reference, "LogprobsResult"): the chosen tokens, and for each step the likeliest ones. The two lists
/// are as long as the answer has tokens. What has another form than the reference says is passed over.
/// </summary>
internal sealed class GeminiLogprobs
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 256 };
    private static readonly byte[] Replacement = "\uFFFD"u8.ToArray();

    private readonly TokenLogprobs tokens = new(new ArrayBufferWriter<byte>(1024));
    private bool isTaken;

    /// <summary>Those that no words had yet.</summary>
    public ReadOnlySpan<byte> Elements => isTaken ? default : tokens.Elements;

    /// <summary>Those that no words had yet; they are given once.</summary>
    public ReadOnlySpan<byte> Take()
    {
        var elements = Elements;
        isTaken = true;
        return elements;
    }

    /// <summary>Forgets what was read.</summary>
    public void Clear()
    {
        tokens.Clear();
        isTaken = false;
    }

    /// <summary>Reads the object.</summary>
    public void Read(ReadOnlySpan<byte> json)
    {
        Clear();
        using var document = JsonDocument.Parse(json.ToArray(), Options);
        if (Items(document.RootElement, "chosenCandidates"u8) is not { } chosen) return;
        var likely = Items(document.RootElement, "topCandidates"u8) is { } top ? top.EnumerateArray() : default;
        foreach (var token in chosen.EnumerateArray())
        {
            var alternatives = likely.MoveNext() ? Items(likely.Current, "candidates"u8) : null;
            if (!TryWrite(token, isAlternative: false)) continue;
            if (alternatives is { } candidates)
                foreach (var candidate in candidates.EnumerateArray()) TryWrite(candidate, isAlternative: true);
            tokens.End();
        }
    }

    private bool TryWrite(JsonElement candidate, bool isAlternative)
    {
        if (Member(candidate, "token"u8) is not { ValueKind: JsonValueKind.String } text) return false;
        // A zero is left out by an API that leaves out zeros; minus infinity is a word, as protocol buffers write it in JSON.
        ReadOnlySpan<byte> logprob;
        switch (Member(candidate, "logProbability"u8))
        {
            case null:
                logprob = "0"u8;
                break;
            case { ValueKind: JsonValueKind.Number } number:
                logprob = JsonMarshal.GetRawUtf8Value(number);
                break;
            case { ValueKind: JsonValueKind.String } word when word.ValueEquals("-Infinity"u8):
                logprob = default;
                break;
            default:
                return false;
        }
        var quoted = JsonMarshal.GetRawUtf8Value(text);
        // Half a character comes as a replacement character, whose bytes are not the token's.
        var hasBytes = JsonText.CopyOfEscaped(quoted[1..^1]).TryDecode(out var utf8) && utf8.Span.IndexOf(Replacement) < 0;
        if (isAlternative) tokens.Alternative(quoted[1..^1], logprob, utf8.Span, hasBytes);
        else tokens.Begin(quoted[1..^1], logprob, utf8.Span, hasBytes);
        return true;
    }

    private static JsonElement? Items(JsonElement element, ReadOnlySpan<byte> name) =>
        Member(element, name) is { ValueKind: JsonValueKind.Array } items ? items : null;

    private static JsonElement? Member(JsonElement element, ReadOnlySpan<byte> name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var member) ? member : null;
}
