namespace AspireGateway.Gateway.Guardrails.Replies;

/// <summary>What stands in a reply where something was taken out. Without a number: nothing is behind it.</summary>
internal static class Redaction
{
    /// <summary>The words for a type: <c>&lt;EMAIL&gt;</c>.</summary>
    public static string Of(string type) => $"<{type}>";
}
