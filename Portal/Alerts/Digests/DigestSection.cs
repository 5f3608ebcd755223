namespace AspireGateway.Portal.Alerts.Digests;

/// <summary>One table of a digest, in words already: a page, a mail and the API show the same.</summary>
public sealed record DigestSection
{
    /// <summary>What it is about.</summary>
    public required string Title { get; init; }

    /// <summary>Heads of its columns; the first one names, the others are figures.</summary>
    public required IReadOnlyList<string> Columns { get; init; }

    /// <summary>Its rows, each as long as the columns.</summary>
    public required IReadOnlyList<IReadOnlyList<string>> Rows { get; init; }

    /// <summary>What a reader has to know to understand it, or that there was nothing; null = it speaks for itself.</summary>
    public string? Note { get; init; }
}
