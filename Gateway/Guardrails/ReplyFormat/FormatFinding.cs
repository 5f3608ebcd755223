using AspireGateway.Shared.Schemas;

namespace AspireGateway.Gateway.Guardrails.ReplyFormat;

/// <summary>How a reply misses the form that was promised. Nothing of its text.</summary>
/// <param name="Type">One of the constants.</param>
/// <param name="Mismatches">Where, when it is JSON of another form.</param>
internal sealed record FormatFinding(string Type, IReadOnlyList<SchemaMismatch> Mismatches)
{
    /// <summary>It is no JSON.</summary>
    public const string NotJson = "NOT_JSON";

    /// <summary>It is JSON of another form.</summary>
    public const string SchemaMismatch = "SCHEMA_MISMATCH";

    /// <summary>It is the JSON that was promised, within a markdown fence.</summary>
    public const string FencedJson = "FENCED_JSON";

    /// <summary>Where and why, for a sentence.</summary>
    public string Where => Type == NotJson ? "it is not JSON" : Type == FencedJson ? "it stands in a code fence" : $"at {string.Join("; ", Mismatches)}";
}
