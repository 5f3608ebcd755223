namespace AspireGateway.Gateway.Ingress.Multipart;

/// <summary>A form (RFC 7578) as it stands in a body.</summary>
/// <param name="ContentType">The header as it came; the provider needs its boundary.</param>
/// <param name="Boundary">The boundary without its leading dashes.</param>
/// <param name="Parts">The parts in order.</param>
internal sealed record FormBody(string ContentType, string Boundary, IReadOnlyList<FormPart> Parts);

/// <summary>A part of a form.</summary>
/// <param name="Name">Its field.</param>
/// <param name="IsFile">Whether it has a file's name.</param>
/// <param name="Value">Where its content stands in the body.</param>
internal readonly record struct FormPart(string Name, bool IsFile, Range Value)
{
    /// <summary>The media type that its headers say; null = none.</summary>
    public string? ContentType { get; init; }
}
