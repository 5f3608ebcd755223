namespace AspireGateway.Gateway.Guardrails.Injection.Rules;

/// <summary>A rule: concepts that stand near each other.</summary>
/// <param name="Name">Its name, as a verdict gives it.</param>
/// <param name="Family">The cause that it belongs to.</param>
/// <param name="Weight">What it adds to the log-odds; below zero it speaks for an ordinary text.</param>
/// <param name="Window">Words within which all concepts must stand.</param>
/// <param name="Sources">Bits of <see cref="InjectionSource"/> that it holds for.</param>
/// <param name="Elements">Sets of concepts; one of each must be there.</param>
internal sealed record InjectionRule(string Name, string Family, float Weight, int Window, int Sources, ulong[] Elements)
{
    /// <summary>Whether it holds for a source.</summary>
    public bool HoldsFor(InjectionSource source) => (Sources >> (int)source & 1) != 0;
}
