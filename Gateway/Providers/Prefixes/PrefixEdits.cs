using System.Globalization;
using System.Text;
using AspireGateway.Gateway.Accounting;
using AspireGateway.Gateway.Caching.Prefixes;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Providers.Calling;
using AspireGateway.Gateway.State;

namespace AspireGateway.Gateway.Providers.Prefixes;

/// <summary>
/// What is added to a body so that its provider keeps the prompt's beginning: marks where the protocol has them, else a key by which it finds whoever keeps it. Bytes are only
/// inserted: what the caller said stays as it is and where it is. What the caller marked is left alone as a whole, because marks are few and those for an hour must stand before others.
/// </summary>
internal static class PrefixEdits
{
    /// <summary>Marks that a request may have (Anthropic, "Prompt caching", cache breakpoints; Amazon has as many).</summary>
    public const int MostMarks = 4;

    // Besides tools and instructions.
    private const int MostTurns = 2;

    // OpenAI keeps no smaller beginning (OpenAI, "Prompt caching").
    private const int LeastKeyedTokens = 1_024;

    /// <summary>Adds to a body that passes as it is.</summary>
    public static BodyEdit[] Add(PrefixLookup prefix, DeploymentSnapshot deployment, IProviderModule module, ReadOnlySpan<byte> body, BodyEdit[] edits)
    {
        var added = Of(prefix, deployment, module, body);
        if (added.Count == 0) return edits;
        // What cuts out a place, or puts something else there, was not made with marks in mind.
        foreach (var edit in edits)
            if (added.Exists(mark => mark.Start > edit.Start && mark.Start < edit.End)) return edits;
        added.InsertRange(0, edits);
        return BodyEdits.InOrder(added);
    }

    /// <summary>Adds to a body that was written.</summary>
    public static WrittenContent Add(PrefixLookup prefix, DeploymentSnapshot deployment, IProviderModule module, WrittenContent content)
    {
        var body = content.Body.Span;
        var added = Of(prefix, deployment, module, body);
        if (added.Count == 0) return content;
        var marked = new PooledBufferWriter(body.Length + added.Count * 64);
        var at = 0;
        foreach (var edit in BodyEdits.InOrder(added))
        {
            Append(marked, body[at..edit.Start]);
            Append(marked, edit.Replacement);
            at = edit.End;
        }
        Append(marked, body[at..]);
        content.Dispose();
        return new(marked);
    }

    private static List<BodyEdit> Of(PrefixLookup prefix, DeploymentSnapshot deployment, IProviderModule module, ReadOnlySpan<byte> body)
    {
        var edits = new List<BodyEdit>();
        if (module.PromptCaching is { } caching) Mark(prefix, deployment, caching, body, edits);
        else if (module.TakesCacheKey) AddKey(prefix, body, edits);
        return edits;
    }

    /// <summary>1. What the caller marked stays. 2. Which beginnings are long enough, and were seen by this deployment? 3. Tools, instructions and the last turns of those.</summary>
    private static void Mark(PrefixLookup prefix, DeploymentSnapshot deployment, IPromptCaching caching, ReadOnlySpan<byte> body, List<BodyEdit> edits)
    {
        // 1
        var counts = prefix.Counts;
        var least = caching.LeastTokens(deployment);
        if (least == 0) return;
        if (caching.HasMarks(body))
        {
            counts.Callers.Add(1);
            return;
        }
        // 2
        var terms = prefix.Terms;
        var hour = terms.Hour && caching.TakesHour(deployment);
        least = Math.Max(least, terms.MinTokens);
        var places = PromptScan.Places(body, caching.Layout, prefix.DeploymentSeed(deployment.Id));
        var turns = 0;
        var marks = 0;
        for (var i = places.Count - 1; i >= 0; i--)
        {
            var place = places[i];
            if (TokenEstimate.FromBytes(place.Bytes) < least) continue;
            var isLast = i == places.Count - 1;
            // The next request may begin with it.
            if (place.Kind != PrefixKind.Turn || isLast) prefix.Sends(deployment.Id, place.Hash);
            var isSeen = prefix.Table.TryFind(place.Hash, PrefixTerms.TtlOf(hour), out _);
            if (!isSeen && !(terms.Always && (place.Kind != PrefixKind.Turn || isLast))) continue;
            // 3
            if (place.Kind == PrefixKind.Turn && turns == MostTurns) continue;
            if (!caching.TryMark(place, hour, edits)) continue;
            // Its time begins anew where it is read.
            prefix.Sends(deployment.Id, place.Hash);
            marks++;
            if (place.Kind == PrefixKind.Turn) turns++;
        }
        (marks > 0 ? counts.Marked : counts.Unmarked).Add(1);
    }

    // One key for all that have tools and instructions in common: it leads them to the same machines, and tells nobody anything.
    private static void AddKey(PrefixLookup prefix, ReadOnlySpan<byte> body, List<BodyEdit> edits)
    {
        var end = body.LastIndexOf((byte)'}');
        if (end <= 0 || body.IndexOf("\"prompt_cache_key\""u8) >= 0) return;
        for (var i = prefix.Places.Count - 1; i >= 0; i--)
        {
            var place = prefix.Places[i];
            if (place.Kind == PrefixKind.Turn || TokenEstimate.FromBytes(place.Bytes) < LeastKeyedTokens) continue;
            edits.Add(new(end, end, Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $",\"prompt_cache_key\":\"agw-{place.Hash:x32}\""))));
            return;
        }
    }

    private static void Append(PooledBufferWriter target, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(target.GetSpan(bytes.Length));
        target.Advance(bytes.Length);
    }
}
