namespace AspireGateway.Shared.Schemas;

/// <summary>One reason why a schema does not allow an instance. Holds names of the schema only, nothing that the instance says.</summary>
/// <param name="Path">Where, as a JSON pointer (RFC 6901) into the instance; empty = the whole. <c>*</c> stands for a name that the schema does not know.</param>
/// <param name="Keyword">What is not kept.</param>
public sealed record SchemaMismatch(string Path, string Keyword)
{
    /// <inheritdoc />
    public override string ToString() => $"{(Path.Length == 0 ? "/" : Path)}: {Keyword}";
}
