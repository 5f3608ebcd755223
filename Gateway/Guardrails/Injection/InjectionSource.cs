namespace AspireGateway.Gateway.Guardrails.Injection;

/// <summary>Who wrote a text. The same words mean more from a source that has no business instructing the model.</summary>
internal enum InjectionSource
{
    /// <summary>The user of the caller's application: may ask the model anything, but not to drop its rules.</summary>
    User,

    /// <summary>The result of a tool: data, in which an instruction to the model is suspicious.</summary>
    ToolResult,

    /// <summary>A retrieved or attached document: data, as a tool's result.</summary>
    Document,

    /// <summary>The application's own system prompt: sets roles and forbids things by nature.</summary>
    System,
}
