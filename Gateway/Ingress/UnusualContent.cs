namespace AspireGateway.Gateway.Ingress;

/// <summary>What a prompt holds beside its text, and what makes it dearer. Few requests have any of it, so it is apart from the facts that all have.</summary>
internal sealed record UnusualContent
{
    /// <summary>Pictures.</summary>
    public int Images { get; init; }

    /// <summary>Recordings.</summary>
    public int Recordings { get; init; }

    /// <summary>Bytes of the recordings as they stand in the body, in base64.</summary>
    public int RecordingBytes { get; init; }

    /// <summary>Bytes of the body that are media and no text, the recordings' included.</summary>
    public int MediaBytes { get; init; }

    /// <summary>Whether something belongs to the prompt whose length in tokens cannot be told from the body: a document, a video, a reference.</summary>
    public bool HasUnknownInput { get; init; }

    /// <summary>Tools that the provider runs itself, feeding the model with what they bring.</summary>
    public int ServerTools { get; init; }

    /// <summary>Tools that the provider defines and the caller runs: their definition is not in the body.</summary>
    public int BuiltInTools { get; init; }

    /// <summary>How long the provider is asked to cache parts of the prompt.</summary>
    public CacheWish Cache { get; init; }

    /// <summary>The tier asked for, in the caller's word; null = none.</summary>
    public string? ServiceTier { get; init; }

    /// <summary>Answers asked for, at least 1.</summary>
    public int Choices { get; init; } = 1;

    /// <summary>Whether the answer may be spoken.</summary>
    public bool MaySpeak { get; init; }

    /// <summary>Bytes of the predicted output: what of it is wrong is paid for as output.</summary>
    public int PredictionBytes { get; init; }
}

/// <summary>Whether parts of a prompt are marked to be cached.</summary>
internal enum CacheWish
{
    /// <summary>None is.</summary>
    None,

    /// <summary>For the provider's usual time.</summary>
    Usual,

    /// <summary>For an hour, or longer.</summary>
    Hour,
}
