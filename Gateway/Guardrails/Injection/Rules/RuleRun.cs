using System.Numerics;
using System.Runtime.CompilerServices;
using AspireGateway.Gateway.Guardrails.Injection.Normalisation;

namespace AspireGateway.Gateway.Guardrails.Injection.Rules;

/// <summary>One pass of the rules over a text's words: remembers where each concept stood last, so a word costs as much as it has concepts.</summary>
internal ref struct RuleRun
{
    // The end of a sentence counts as some words: what belongs together seldom stands in two sentences.
    private const int SentenceWords = 3;
    private const int Never = int.MinValue / 2;

    private readonly RuleSet rules;
    private readonly InjectionSource source;
    private Places last;
    private int place;

    /// <summary>A pass that has seen nothing.</summary>
    public RuleRun(RuleSet rules, InjectionSource source)
    {
        (this.rules, this.source) = (rules, source);
        ((Span<int>)last).Fill(Never);
    }

    /// <summary>Takes one more word.</summary>
    /// <param name="concepts">Its concepts.</param>
    /// <param name="before">What stands before it.</param>
    /// <returns>The rules that it completes.</returns>
    public ulong Take(ulong concepts, WordBreak before)
    {
        place += before >= WordBreak.Sentence ? 1 + SentenceWords : 1;
        if (concepts == 0) return 0;
        for (var set = concepts; set != 0; set &= set - 1) last[BitOperations.TrailingZeroCount(set)] = place;
        ulong fired = 0;
        for (var set = rules.RulesOf(concepts, source); set != 0; set &= set - 1)
        {
            var index = BitOperations.TrailingZeroCount(set);
            var rule = rules.All[index];
            var holds = true;
            foreach (var element in rule.Elements)
            {
                var latest = Never;
                for (var concept = element; concept != 0; concept &= concept - 1) latest = Math.Max(latest, last[BitOperations.TrailingZeroCount(concept)]);
                holds &= place - latest < rule.Window;
            }
            if (holds) fired |= 1UL << index;
        }
        return fired;
    }

    [InlineArray(64)]
    private struct Places
    {
        private int first;
    }
}
