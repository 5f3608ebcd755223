using System.Runtime.CompilerServices;

namespace AspireGateway.Shared.Domain.Guardrails;

/// <summary>Describes a setting of a <see cref="GuardrailRule"/>: how a form draws it and what it may hold.</summary>
/// <param name="label">Its name for people.</param>
/// <param name="order">Where it stands on a form: the line that declares it, unless it is to come first.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SettingAttribute(string label, [CallerLineNumber] int order = 0) : Attribute
{
    /// <summary>Its name for people.</summary>
    public string Label => label;

    /// <summary>Where it stands among the others.</summary>
    public int Order => order;

    /// <summary>What it is, in a sentence; null = its name says it.</summary>
    public string? Hint { get; init; }

    /// <summary>Guardrails that have it, of <see cref="GuardrailNames"/>; null = all.</summary>
    public string[]? Of { get; init; }

    /// <summary>The values that a text may have, each with what people read: <c>closed=Refuse the request</c>; null = any text.</summary>
    public string[]? Choices { get; init; }

    /// <summary>What people read where nothing is chosen, or what a field holds then; null = something is always chosen.</summary>
    public string? Unset { get; init; }

    /// <summary>Least number.</summary>
    public double Min { get; init; }

    /// <summary>Largest number.</summary>
    public double Max { get; init; } = int.MaxValue;

    /// <summary>Most entries of a list.</summary>
    public int MaxItems { get; init; } = 200;

    /// <summary>Longest text, or entry of a list, in characters.</summary>
    public int MaxLength { get; init; } = 200;

    /// <summary>Whether a list's entries stand one a line; otherwise commas separate them.</summary>
    public bool Lines { get; init; }

    /// <summary>The value of another setting that it belongs to, as <c>action=mask</c>; null = it stands for itself.</summary>
    public string? When { get; init; }

    /// <summary>Whether it names a model of the organisation, which a form offers.</summary>
    public bool IsModel { get; init; }

    /// <summary>Whether only those who look for it need to see it.</summary>
    public bool Rare { get; init; }

    /// <summary>Whether it means something where findings are only counted.</summary>
    public bool AtFlag { get; init; } = true;
}
