namespace AspireGateway.Portal.Guardrails.Checks;

/// <summary>What a check said about a harmless sample.</summary>
public sealed record GuardrailCheckTrial
{
    /// <summary>Whether it answered as its kind does.</summary>
    public required bool IsWorking { get; init; }

    /// <summary>What it said, in words; null = nothing that counts.</summary>
    public string? Verdict { get; init; }

    /// <summary>What it found in the sample, where nothing is to be found.</summary>
    public IReadOnlyList<string> Types { get; init; } = [];

    /// <summary>Why it said nothing that counts, in words; null = it did.</summary>
    public string? Error { get; init; }

    /// <summary>Its HTTP status; null = there was no answer.</summary>
    public int? Status { get; init; }

    /// <summary>How long it took, in milliseconds.</summary>
    public required int DurationMs { get; init; }
}
