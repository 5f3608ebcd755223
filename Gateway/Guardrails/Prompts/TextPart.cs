using System.Runtime.InteropServices;
using AspireGateway.Gateway.Guardrails.Detection;

namespace AspireGateway.Gateway.Guardrails.Prompts;

/// <summary>A JSON value of a body that holds text.</summary>
/// <param name="ValueStart">First byte of the value in the body, its quote included.</param>
/// <param name="ValueEnd">Behind its last byte.</param>
/// <param name="Start">First character of the decoded text among all texts.</param>
/// <param name="Length">Characters of the decoded text.</param>
/// <param name="Message">The message it belongs to, from 0; −1 = none.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TextPart(int ValueStart, int ValueEnd, int Start, int Length, int Message)
{
    /// <summary>Who wrote it; null = nothing says so.</summary>
    public TextSource? Told { get; init; }

    /// <summary>Who wrote it, the user where nothing says so.</summary>
    public TextSource Source => Told ?? TextSource.User;

    /// <summary>Whether it is the text of a JSON value, such as the arguments of a call.</summary>
    public bool IsJson { get; init; }

    /// <summary>Whether it stands in the body as it is, as fields of forms do, and not as a JSON string.</summary>
    public bool IsPlain { get; init; }

    /// <summary>Behind its last character.</summary>
    public int End => Start + Length;
}
