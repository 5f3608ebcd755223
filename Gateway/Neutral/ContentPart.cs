namespace AspireGateway.Gateway.Neutral;

/// <summary>A piece of a message.</summary>
internal abstract record ContentPart
{
    /// <summary>Where a prompt cache may end; null = not here.</summary>
    public CacheMarker? Cache { get; init; }
}

/// <summary>Words.</summary>
/// <param name="Text">The words.</param>
internal sealed record TextPart(JsonText Text) : ContentPart;

/// <summary>A picture.</summary>
/// <param name="Source">Where it is.</param>
/// <param name="Detail">OpenAI's <c>detail</c> word; null = not said.</param>
internal sealed record ImagePart(MediaSource Source, string? Detail = null) : ContentPart;

/// <summary>A document, e.g. a PDF.</summary>
/// <param name="Source">Where it is; <see cref="MediaForm.Text"/> for plain text.</param>
/// <param name="Name">File name or title.</param>
internal sealed record DocumentPart(MediaSource Source, JsonText Name) : ContentPart
{
    /// <summary>Anthropic's <c>context</c>.</summary>
    public JsonText Context { get; init; }

    /// <summary>Whether the answer shall cite it (Anthropic's <c>citations.enabled</c>).</summary>
    public bool Cite { get; init; }
}

/// <summary>Sound.</summary>
/// <param name="Source">Where it is; its media type is <c>audio/wav</c>, <c>audio/mp3</c> ...</param>
internal sealed record AudioPart(MediaSource Source) : ContentPart;

/// <summary>A tool call that the model made earlier.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">The tool.</param>
/// <param name="Arguments">Its arguments, a JSON object.</param>
internal sealed record ToolCallPart(JsonText Id, JsonText Name, JsonRaw Arguments) : ContentPart
{
    /// <summary>The provider's proof of the thought behind it (Gemini's <c>thoughtSignature</c>).</summary>
    public JsonText Signature { get; init; }
}

/// <summary>What a tool answered.</summary>
/// <param name="CallId">Id of the call.</param>
/// <param name="Content">Text, images, documents.</param>
internal sealed record ToolResultPart(JsonText CallId, List<ContentPart> Content) : ContentPart
{
    /// <summary>Whether the tool failed.</summary>
    public bool IsError { get; init; }
}

/// <summary>What the model thought earlier.</summary>
/// <param name="Text">The thoughts.</param>
/// <param name="Signature">The provider's proof of them, without which it does not take them back.</param>
internal sealed record ThinkingPart(JsonText Text, JsonText Signature) : ContentPart;

/// <summary>What the model thought earlier, encrypted by the provider.</summary>
/// <param name="Data">The ciphertext.</param>
internal sealed record RedactedThinkingPart(JsonText Data) : ContentPart;

/// <summary>The model's refusal in an earlier turn (OpenAI's <c>refusal</c>).</summary>
/// <param name="Text">Its words.</param>
internal sealed record RefusalPart(JsonText Text) : ContentPart;

/// <summary>How a medium is given.</summary>
internal enum MediaForm
{
    /// <summary>By address.</summary>
    Url,

    /// <summary>As base64.</summary>
    Base64,

    /// <summary>As plain text.</summary>
    Text,

    /// <summary>By an id at the provider, which only that provider can resolve.</summary>
    FileId,
}

/// <summary>A picture, document or sound.</summary>
/// <param name="Form">How it is given.</param>
/// <param name="Value">Address, base64, text or id.</param>
/// <param name="MediaType">E.g. <c>image/png</c>; null = unknown.</param>
internal readonly record struct MediaSource(MediaForm Form, JsonText Value, string? MediaType)
{
    /// <summary>The medium behind an address: a <c>data:</c> URL (RFC 2397) is base64 with its media type, everything else stays an address.</summary>
    public static MediaSource FromUrl(JsonText url)
    {
        var decoded = url.Decoded();
        var text = decoded.Span;
        var comma = text.IndexOf((byte)',');
        if (comma < 0 || !text.StartsWith("data:"u8)) return new(MediaForm.Url, url, null);
        var head = text[5..comma];
        if (!head.EndsWith(";base64"u8)) return new(MediaForm.Url, url, null);
        var type = head[..^7];
        if (type.IndexOf((byte)';') is var parameters and >= 0) type = type[..parameters];
        return new(
            MediaForm.Base64, JsonText.CopyOfEscaped(text[(comma + 1)..]),
            type.IsEmpty ? null : System.Text.Encoding.ASCII.GetString(type).ToLowerInvariant());
    }
}
