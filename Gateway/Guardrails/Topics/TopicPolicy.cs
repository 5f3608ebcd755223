using AspireGateway.Shared.Domain.Guardrails;

namespace AspireGateway.Gateway.Guardrails.Topics;

/// <summary>What requests may be about.</summary>
internal sealed class TopicPolicy
{
    private static readonly TopicPolicy None = new(new());

    private readonly TopicLexicon? own;
    private readonly string[] names;
    private readonly bool[] denied, allowed;

    private TopicPolicy(GuardrailRule rule)
    {
        own = TopicLexicon.Of(rule.OwnTopics);
        names = [.. TopicNames.BuiltIn, .. own?.Names ?? []];
        denied = Array.ConvertAll(names, name => rule.DeniedTopics?.Contains(name, StringComparer.Ordinal) == true);
        allowed = Array.ConvertAll(names, name => rule.AllowedTopics?.Contains(name, StringComparer.Ordinal) == true);
        Types = Array.ConvertAll(names, name => TopicNames.TypePrefix + name.ToUpperInvariant());
        Restricts = rule.AllowedTopics is { Length: > 0 };
        IsEmpty = !Restricts && !Array.Exists(denied, is_ => is_);
    }

    /// <summary>Whether it says nothing.</summary>
    public bool IsEmpty { get; }

    /// <summary>Whether only some topics are allowed.</summary>
    public bool Restricts { get; }

    /// <summary>Types of findings, by topic.</summary>
    public string[] Types { get; }

    /// <summary>From a rule.</summary>
    public static TopicPolicy Of(GuardrailRule rule) => rule is { DeniedTopics: null, AllowedTopics: null } ? None : new(rule);

    /// <summary>Whether a topic is forbidden; what is allowed is not.</summary>
    public bool IsDenied(int topic) => denied[topic] && !allowed[topic];

    /// <summary>Whether a topic is among those that alone are allowed.</summary>
    public bool IsAllowed(int topic) => allowed[topic];

    /// <summary>How much a text is about each topic.</summary>
    public double[] Score(ReadOnlySpan<char> text)
    {
        var scores = new double[names.Length];
        TopicLexicon.BuiltIn.Score(text, scores.AsSpan(0, TopicNames.BuiltIn.Count));
        own?.Score(text, scores.AsSpan(TopicNames.BuiltIn.Count));
        return scores;
    }
}
