using System.Text;
using AspireGateway.Gateway.Guardrails.Detection;
using AspireGateway.Gateway.Guardrails.Policies;
using AspireGateway.Gateway.Guardrails.Prompts;
using AspireGateway.Shared.Domain.Guardrails;

namespace AspireGateway.Gateway.Guardrails.Topics;

/// <summary>
/// Finds messages of users about what they may not talk about. Where only some topics are allowed, a message is off topic when it is about another one that is known and touches none of
/// those; at "strict" also a request in which nobody has touched one yet.
/// </summary>
internal sealed class TopicsGuardrail : IRequestGuardrail
{
    /// <summary>Type of what is about something else than what is allowed.</summary>
    public const string OffTopic = "OFF_TOPIC";

    /// <inheritdoc />
    public string Name => GuardrailNames.Topics;

    /// <inheritdoc />
    public bool FindsStretches => false;

    /// <inheritdoc />
    public int ReplyWindow => 0;

    /// <inheritdoc />
    public void Look(ReadOnlySpan<char> text, TextSource source, ActiveRule rule, FindingList findings)
    {
        if (source != TextSource.User || rule.Topics.IsEmpty || text.Length == 0) return;
        if (!LookAt(text, 0, text.Length, rule, findings) && rule is { IsStrict: true, Topics.Restricts: true }) findings.Add(new(OffTopic, 0, text.Length, TopicLexicon.Possible));
    }

    /// <inheritdoc />
    public void Look(BodyTexts texts, ActiveRule rule, FindingList findings)
    {
        if (rule.Topics.IsEmpty) return;
        var (isAsked, isTouched) = (false, false);
        var parts = texts.Parts;
        for (var i = 0; i < parts.Length; i++)
        {
            if (parts[i].Source != TextSource.User || parts[i].Length == 0) continue;
            var first = UserMessages.EndOf(parts, ref i);
            isAsked = true;
            var (start, length) = (parts[first].Start, parts[i].End - parts[first].Start);
            isTouched |= first == i ? LookAt(texts.TextOf(parts[i]), start, length, rule, findings) : LookAt(Join(texts, first, i), start, length, rule, findings);
        }
        if (isAsked && !isTouched && rule is { IsStrict: true, Topics.Restricts: true }) findings.Add(new(OffTopic, 0, Math.Max(1, texts.All.Length), TopicLexicon.Possible));
    }

    // Parts stand one behind the other without anything between them; words do not go over their borders.
    private static string Join(BodyTexts texts, int first, int last)
    {
        var joined = new StringBuilder();
        for (var i = first; i <= last; i++) joined.Append(texts.TextOf(texts.Parts[i])).Append('\n');
        return joined.ToString();
    }

    // Whether an allowed topic is touched.
    private static bool LookAt(ReadOnlySpan<char> text, int offset, int length, ActiveRule rule, FindingList findings)
    {
        var (policy, least) = (rule.Topics, rule.IsStrict ? TopicLexicon.Possible : TopicLexicon.Found);
        var scores = policy.Score(text);
        var (isTouched, other) = (false, 0.0);
        for (var topic = 0; topic < scores.Length; topic++)
        {
            if (policy.IsAllowed(topic)) isTouched |= scores[topic] >= TopicLexicon.Touched;
            else other = Math.Max(other, scores[topic]);
            if (policy.IsDenied(topic) && scores[topic] >= least) findings.Add(new(policy.Types[topic], offset, length, scores[topic]));
        }
        if (policy.Restricts && !isTouched && other >= least) findings.Add(new(OffTopic, offset, length, other));
        return isTouched || (policy.Restricts && other >= least);
    }
}
