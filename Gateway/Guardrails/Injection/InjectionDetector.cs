using System.Buffers;
using System.Numerics;
using System.Reflection;
using AspireGateway.Gateway.Guardrails.Injection.Classification;
using AspireGateway.Gateway.Guardrails.Injection.Normalisation;
using AspireGateway.Gateway.Guardrails.Injection.Rules;

namespace AspireGateway.Gateway.Guardrails.Injection;

/// <summary>
/// Tells texts that try to take over a model (prompt injection, jailbreaks, leaking of the system prompt) from ordinary ones. Log-odds = the rules' weights +
/// the classifier's log-odds + what the source and the disguise add; the score is their logistic function. For several threads.
/// </summary>
internal sealed class InjectionDetector
{
    /// <summary>Most names of rules in a verdict.</summary>
    public const int MaxRuleNames = 12;

    private const float HiddenPenalty = 1.5f, TagPenalty = 3f, DisguisePenalty = 0.6f, MaxDisguise = 1.8f;
    private const int ForeignWords = 2, ManyTags = 4;

    private static readonly Lazy<InjectionDetector> BuiltIn = new(() => new(
        RuleSet.Parse(ConceptLexicon.Parse(Text("Injection/lexicon.txt")), Text("Injection/rules.txt")), LinearClassifier.Parse(Text("Injection/weights.txt"))));

    // By source: the caller's own system prompt gives orders by nature; data does not.
    private static readonly float[] SourceOffsets = [0f, 0.5f, 0.5f, -1.5f];

    private readonly RuleSet rules;
    private readonly WindowJudge judge;

    /// <summary>A detector by rules and a classifier.</summary>
    public InjectionDetector(RuleSet rules, LinearClassifier classifier)
    {
        this.rules = rules;
        judge = new(rules, classifier);
    }

    /// <summary>The one that the gateway was built with.</summary>
    public static InjectionDetector Default => BuiltIn.Value;

    /// <summary>Judges a text.</summary>
    /// <param name="text">Any text; an empty one scores 0.</param>
    /// <param name="source">Who wrote it.</param>
    public InjectionVerdict Judge(ReadOnlySpan<char> text, InjectionSource source)
    {
        using var normal = new NormalText();
        TextNormaliser.Normalise(text, normal, rules.Lexicon, decode: true);
        if (normal.WordCount == 0 && normal.HiddenLength == 0) return new(0, [], 0);

        var verdict = judge.Judge(normal, source);
        var worst = verdict with { LogOdds = verdict.LogOdds + Disguise(normal, verdict) };
        if (normal.HiddenLength > 0) worst = Worse(worst, Nested(normal.Hidden, source, HiddenPenalty + (normal.TagCount >= ManyTags ? TagPenalty : 0)));
        if (verdict.RotatedWords >= ForeignWords) worst = Worse(worst, Rewritten(normal.Chars, source, isReversed: false));
        if (verdict.ReversedWords >= ForeignWords) worst = Worse(worst, Rewritten(normal.Chars, source, isReversed: true));
        return new(Logistic(worst.LogOdds + SourceOffsets[(int)source]), Names(worst.Fired), Logistic(worst.Learned));
    }

    // Letters that look alike, or words taken apart, say something only where what they hide does.
    private float Disguise(NormalText text, in WindowVerdict verdict) =>
        rules.WeightOf(verdict.Fired) <= 0 ? 0 : Math.Min(MaxDisguise, DisguisePenalty * (Math.Min(text.MixedCount, 2) + Math.Min(text.RepairedCount, 2) + Math.Min(text.InvisibleCount, 2)));

    private WindowVerdict Nested(ReadOnlySpan<char> text, InjectionSource source, float penalty)
    {
        using var normal = new NormalText();
        TextNormaliser.Normalise(text, normal, rules.Lexicon, decode: false);
        var verdict = judge.Judge(normal, source);
        // What is hidden and yet harmless speaks neither for nor against.
        return verdict.LogOdds > 0 || penalty >= TagPenalty ? verdict with { LogOdds = verdict.LogOdds + penalty } : verdict;
    }

    private WindowVerdict Rewritten(ReadOnlySpan<char> text, InjectionSource source, bool isReversed)
    {
        var rewritten = ArrayPool<char>.Shared.Rent(text.Length);
        try
        {
            var target = rewritten.AsSpan(0, text.Length);
            text.CopyTo(target);
            if (isReversed) target.Reverse();
            else foreach (ref var letter in target)
                if (char.IsAsciiLetterLower(letter)) letter = (char)('a' + (letter - 'a' + 13) % 26);
            return Nested(target, source, HiddenPenalty);
        }
        finally
        {
            ArrayPool<char>.Shared.Return(rewritten);
        }
    }

    private List<string> Names(ulong fired)
    {
        var names = new List<string>(Math.Min(BitOperations.PopCount(fired), MaxRuleNames));
        for (; fired != 0 && names.Count < MaxRuleNames; fired &= fired - 1) names.Add(rules.All[BitOperations.TrailingZeroCount(fired)].Name);
        return names;
    }

    private static WindowVerdict Worse(WindowVerdict one, WindowVerdict other) => other.LogOdds > one.LogOdds ? other : one;

    private static double Logistic(float odds) => 1 / (1 + Math.Exp(-odds));

    private static string Text(string resource)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(resource) ?? throw new InvalidOperationException($"The resource {resource} is missing.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
