namespace AspireGateway.Gateway.Guardrails.Detection;

/// <summary>Who wrote a text.</summary>
internal enum TextSource
{
    /// <summary>The user.</summary>
    User,

    /// <summary>The application: system prompt, instructions, descriptions of tools.</summary>
    System,

    /// <summary>The model, in an earlier turn or now.</summary>
    Assistant,

    /// <summary>A tool's result.</summary>
    ToolResult,

    /// <summary>A document that was handed in.</summary>
    Document,
}
