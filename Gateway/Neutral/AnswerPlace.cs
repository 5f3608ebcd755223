using System.Runtime.InteropServices;

namespace AspireGateway.Gateway.Neutral;

/// <summary>
/// Where in an answer's words a source is used: characters (Unicode code points) of all its words, joined. The default value is "not told", which OpenAI's
/// dialects write as two zeros.
/// </summary>
/// <param name="Start">The first character, from 0.</param>
/// <param name="End">Behind the last one.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct AnswerPlace(int Start, int End)
{
    /// <summary>The place if it is one: a stretch that does not end before it begins.</summary>
    public static AnswerPlace Of(int start, int end) => start >= 0 && end > start ? new(start, end) : default;

    /// <summary>The same place counted from a later beginning; none if it lies before that.</summary>
    public AnswerPlace From(int beginning) => Start >= beginning ? Of(Start - beginning, End - beginning) : default;
}
