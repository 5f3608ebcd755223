namespace AspireGateway.GuardrailReport;

/// <summary>A text and what is in it.</summary>
internal sealed record LabelledText(string Locale, string Text, IReadOnlyList<Label> Labels);

/// <summary>A stretch of a text and its type.</summary>
internal sealed record Label(string Type, int Start, int Length);
