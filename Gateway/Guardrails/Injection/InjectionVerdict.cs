namespace AspireGateway.Gateway.Guardrails.Injection;

/// <summary>What the detector says of a text.</summary>
/// <param name="Score">How likely it is an attack, 0 to 1; see <see cref="InjectionThresholds"/>.</param>
/// <param name="Rules">Names of the rules that fired where the score is highest; at most <see cref="InjectionDetector.MaxRuleNames"/>.</param>
/// <param name="ClassifierScore">What the classifier alone says there, 0 to 1.</param>
internal readonly record struct InjectionVerdict(double Score, IReadOnlyList<string> Rules, double ClassifierScore);
