namespace AspireGateway.Portal.Guardrails.Checks;

/// <summary>A check's values; the check of that name is replaced, or made.</summary>
public sealed record GuardrailCheckRequest
{
    /// <summary>Name by which policies name it, 1 to 100 characters; unique in the organisation.</summary>
    public string? Name { get; init; }

    /// <summary>How it is spoken to: <c>moderations</c>, <c>chat</c>, <c>webhook</c>, <c>presidio</c>, <c>ocr</c> or <c>transcription</c>.</summary>
    public string? Kind { get; init; }

    /// <summary>The whole address that is posted to; https and public unless it is marked private.</summary>
    public string? Url { get; init; }

    /// <summary>The model that it is asked for; required for <c>chat</c>, may be named for <c>moderations</c> and <c>transcription</c>.</summary>
    public string? Model { get; init; }

    /// <summary>Whether it may be in a private network or on the gateway's machine; missing = false.</summary>
    public bool? IsPrivate { get; init; }

    /// <summary>A bearer token, or for <c>webhook</c> the secret that signs (<c>whsec_</c> and the base64 of 24 to 64 bytes); missing = as it is, empty = none. It is never shown again.</summary>
    public string? Secret { get; init; }

    /// <summary>How long an answer is waited for, 1 to 30000 ms; missing = 1500.</summary>
    public int? TimeLimitMs { get; init; }

    /// <summary>When it says nothing: <c>closed</c> (refused; the default) or <c>open</c> (let through).</summary>
    public string? OnError { get; init; }

    /// <summary>What it looks at: <c>prompts</c> (the default), <c>replies</c> or <c>both</c>; of <c>ocr</c> and <c>transcription</c> prompts only.</summary>
    public string? AppliesTo { get; init; }

    /// <summary>Longest text that it can look at, 1 to 1000000 characters; of a longer one it says nothing. Missing = 50000.</summary>
    public int? MaxCharacters { get; init; }

    /// <summary>Regions in which it processes, such as <c>eu-central-1</c>; a request that is bound to regions goes to it only if all of these are allowed, and there are some.</summary>
    public IReadOnlyList<string>? Regions { get; init; }

    /// <summary>Of a check as it is, its secret left as it is.</summary>
    public static GuardrailCheckRequest Of(GuardrailCheckDetails check) => new()
    {
        Name = check.Name, Kind = check.Kind, Url = check.Url, Model = check.Model, IsPrivate = check.IsPrivate, TimeLimitMs = check.TimeLimitMs, OnError = check.OnError,
        AppliesTo = check.AppliesTo, MaxCharacters = check.MaxCharacters, Regions = check.Regions,
    };
}
