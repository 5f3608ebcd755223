namespace AspireGateway.Gateway.Providers.Bedrock;

/// <summary>
/// A model's id as one segment of an address. Ids hold colons, which stand there escaped. ARNs (inference profiles, provisioned and imported models) hold
/// one slash: it stays inside the segment, escaped, as Amazon's own SDKs write it; both sides of it are judged like a name.
/// </summary>
internal static class BedrockModelPath
{
    /// <summary>The segment; null when the id cannot stand in an address.</summary>
    public static string? Of(string model)
    {
        if (PathSegment.TryOf(model, out var plain)) return plain.ToString();
        if (!model.StartsWith("arn:aws", StringComparison.Ordinal) || !model.Contains(":bedrock:", StringComparison.Ordinal)) return null;
        var slash = model.IndexOf('/');
        return slash >= 0 && PathSegment.TryOf(model[..slash], out var kind) && PathSegment.TryOf(model[(slash + 1)..], out var id) ? $"{kind}%2F{id}" : null;
    }
}
