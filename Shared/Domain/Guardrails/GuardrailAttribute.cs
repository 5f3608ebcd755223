using System.Runtime.CompilerServices;

namespace AspireGateway.Shared.Domain.Guardrails;

/// <summary>Describes the guardrail that a property of <see cref="GuardrailSettings"/> sets. Forms, checks and lists are drawn from it.</summary>
/// <param name="title">What it looks for, as a title.</param>
/// <param name="order">Where it stands: the line that declares it.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class GuardrailAttribute(string title, [CallerLineNumber] int order = 0) : Attribute
{
    /// <summary>What it looks for, as a title.</summary>
    public string Title => title;

    /// <summary>Where it stands among the others.</summary>
    public int Order => order;

    /// <summary>What it looks for, in a sentence.</summary>
    public required string LooksFor { get; init; }

    /// <summary>What becomes of a prompt where a rule names no action; null = it does not look at prompts.</summary>
    public string? Default { get; init; } = GuardrailActions.Block;

    /// <summary>Whether it looks at replies too.</summary>
    public bool Replies { get; init; } = true;

    /// <summary>Whether it finds stretches of text that a placeholder can stand for.</summary>
    public bool Masks { get; init; } = true;

    /// <summary>Whether a request in which it finds something can be kept for a reviewer or sent to another model; not where it sees only what others have masked.</summary>
    public bool Defers { get; init; } = true;
}
