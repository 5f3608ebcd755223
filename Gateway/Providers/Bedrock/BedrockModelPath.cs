using System.Text.RegularExpressions;

namespace AspireGateway.Gateway.Providers.Bedrock;

/// <summary>
/// A model's id as one segment of an address. Ids hold colons, which stand there escaped. ARNs hold one slash, the only one that any model's name may have: it
/// is let through only in an ARN of Bedrock that is valid from its first to its last character, and stays inside the segment, escaped, as Amazon's own SDKs
/// write it (decision 0074).
/// </summary>
internal static partial class BedrockModelPath
{
    /// <summary>The segment; null when the id cannot stand in an address.</summary>
    public static string? Of(string model)
    {
        if (PathSegment.TryOf(model, out var plain)) return plain.ToString();
        return Arn().IsMatch(model) && !model.Contains("..", StringComparison.Ordinal) ? Uri.EscapeDataString(model) : null;
    }

    // Amazon Bedrock API reference, "Converse", modelId: the kinds of resource that can be called, a region, an account of twelve digits or none, and an id
    // of letters, digits, dots, colons and hyphens.
    [GeneratedRegex(
        """\Aarn:aws(-[a-z]{1,10}){0,3}:bedrock:[a-z0-9-]{1,20}:([0-9]{12})?:(foundation-model|inference-profile|application-inference-profile|provisioned-model|imported-model|custom-model-deployment|prompt-router|default-prompt-router|prompt)/[A-Za-z0-9][A-Za-z0-9.:-]{0,199}\z""",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Arn();
}
