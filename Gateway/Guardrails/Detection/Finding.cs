namespace AspireGateway.Gateway.Guardrails.Detection;

/// <summary>A stretch of a text that a guardrail recognised.</summary>
/// <param name="Type">What it is, in upper snake case as in a placeholder: <c>EMAIL</c>, <c>AWS_ACCESS_KEY</c>.</param>
/// <param name="Start">First character, from 0, in UTF-16 units.</param>
/// <param name="Length">UTF-16 units, at least 1.</param>
/// <param name="Score">How sure it is, above 0 up to 1: 0.5 is a shape alone, 1 a shape with a check digit beside a word that names it.</param>
internal readonly record struct Finding(string Type, int Start, int Length, double Score)
{
    /// <summary>The first character after it.</summary>
    public int End => Start + Length;
}
