using AspireGateway.Gateway.Guardrails.Detection;
using AspireGateway.Gateway.Guardrails.Injection.Normalisation;
using AspireGateway.Gateway.Guardrails.Policies;
using AspireGateway.Shared.Domain.Guardrails;

namespace AspireGateway.Gateway.Guardrails.PromptLeak;

/// <summary>
/// Knows one request's system prompt again: a long run of its words, or a large share of its shingles (short runs), over the whole reply however that comes. Texts are folded as for the detection
/// of injections, so that case, accents, look-alike letters and invisible characters make no difference.
/// </summary>
/// <param name="isStrict">Whether shorter runs and smaller shares count.</param>
internal sealed class PromptLeakGuardrail(bool isStrict) : IGuardrail
{
    /// <summary>The type of what it finds.</summary>
    public const string SystemPrompt = "SYSTEM_PROMPT";

    private const int Run = 12, StrictRun = 8, Shingle = 5, FewestShingles = 12;
    private const double Share = 0.4, StrictShare = 0.25;

    // 12 words of any of the languages, with the marks between them.
    private const int Window = 512;

    private readonly int runLength = isStrict ? StrictRun : Run;
    private readonly HashSet<ulong> runs = [];

    // Of each shingle whether the reply has had it.
    private readonly Dictionary<ulong, bool> shingles = [];
    private int seen;

    /// <inheritdoc />
    public string Name => GuardrailNames.PromptLeak;

    /// <inheritdoc />
    public bool FindsStretches => true;

    /// <inheritdoc />
    public int ReplyWindow => Window;

    /// <summary>Whether there is nothing to know again.</summary>
    public bool IsEmpty => runs.Count == 0 && shingles.Count < FewestShingles;

    private bool IsMuch => shingles.Count >= FewestShingles && seen >= (isStrict ? StrictShare : Share) * shingles.Count;

    /// <summary>Adds a text of the system prompt.</summary>
    public void Add(ReadOnlySpan<char> text)
    {
        using var normal = Normalised(text, decode: false);
        for (var i = 0; i < normal.WordCount; i++)
        {
            if (HashAt(normal.Words, i, runLength) is { } run) runs.Add(run);
            if (HashAt(normal.Words, i, Shingle) is { } shingle) shingles.TryAdd(shingle, false);
        }
    }

    /// <summary>Forgets what a text of somebody else holds too.</summary>
    public void Remove(ReadOnlySpan<char> text)
    {
        using var normal = Normalised(text, decode: false);
        for (var i = 0; i < normal.WordCount; i++)
        {
            if (HashAt(normal.Words, i, runLength) is { } run) runs.Remove(run);
            if (HashAt(normal.Words, i, Shingle) is { } shingle) shingles.Remove(shingle);
        }
    }

    /// <inheritdoc />
    public void Look(ReadOnlySpan<char> text, TextSource source, ActiveRule rule, FindingList findings)
    {
        // Replies of Responses repeat what the caller said in "instructions": that is its own.
        if (source == TextSource.System) return;
        using var normal = Normalised(text, decode: true);
        Find(normal, findings, 0, text.Length, isHidden: false);
        if (normal.HiddenLength == 0) return;
        // Repeated in base64 or the like: where exactly does not matter.
        using var hidden = Normalised(normal.Hidden, decode: false);
        Find(hidden, findings, 0, text.Length, isHidden: true);
    }

    private void Find(NormalText normal, FindingList findings, int start, int length, bool isHidden)
    {
        var words = normal.Words;
        for (var i = 0; i < words.Length; i++)
        {
            if (HashAt(words, i, Shingle) is not { } shingle || !shingles.TryGetValue(shingle, out var isSeen) || isSeen) continue;
            shingles[shingle] = true;
            seen++;
        }
        var isMuch = IsMuch;
        for (var i = 0; i < words.Length;)
        {
            var (at, end) = (i, i);
            // As far as runs, or enough shingles, follow on each other.
            for (; at < words.Length; at++)
            {
                if (HashAt(words, at, runLength) is { } run && runs.Contains(run)) end = at + runLength;
                else if (isMuch && HashAt(words, at, Shingle) is { } shingle && shingles.ContainsKey(shingle)) end = Math.Max(end, at + Shingle);
                if (at >= end) break;
            }
            if (end > i)
            {
                var (from, to) = isHidden ? (start, start + length) : (words[i].RawStart, words[end - 1].RawEnd);
                if (to > from) findings.Add(new(SystemPrompt, from, to - from, 1));
                if (isHidden) return;
            }
            i = Math.Max(i + 1, end);
        }
    }

    private static ulong? HashAt(ReadOnlySpan<Word> words, int at, int count)
    {
        if (at + count > words.Length) return null;
        // FNV-1a over the words' own hashes.
        var hash = 14_695_981_039_346_656_037;
        foreach (ref readonly var word in words.Slice(at, count)) hash = (hash ^ word.Hash) * 1_099_511_628_211;
        return hash;
    }

    private static NormalText Normalised(ReadOnlySpan<char> text, bool decode)
    {
        var normal = new NormalText();
        TextNormaliser.Normalise(text, normal, known: null, decode);
        return normal;
    }
}
