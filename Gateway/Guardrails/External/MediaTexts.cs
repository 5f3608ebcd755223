using AspireGateway.Gateway.Guardrails.Detection;
using AspireGateway.Gateway.Guardrails.Media;
using AspireGateway.Gateway.Guardrails.Media.Files;
using AspireGateway.Gateway.Guardrails.Policies;
using AspireGateway.Gateway.Guardrails.Screening;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Routing.Residency;
using AspireGateway.Gateway.Telemetry;
using AspireGateway.Shared.Checks;
using AspireGateway.Shared.Checks.Protocols;
using AspireGateway.Shared.Domain.Guardrails;

namespace AspireGateway.Gateway.Guardrails.External;

/// <summary>
/// Has the pictures and sounds of a request read by checks outside, and shows what they hold to the guardrails in the gateway. Nothing can be masked in a picture: what would be masked,
/// kept or sent elsewhere in a prompt is refused here.
/// </summary>
internal sealed class MediaTexts(CheckCaller caller, GatewayMetrics metrics, TimeProvider time)
{
    // Asked at a time for one request; most items of a request that are read at all.
    private const int AtATime = 4, MostItems = 64;

    /// <summary>Whether a rule has checks that read media.</summary>
    public static bool HasReaders(ActiveRule rule) => Array.Exists(rule.Checks, static check => check.ReadsMedia && check.AppliesTo(isReply: false));

    /// <summary>Begins to read all media; the body may change once this has returned.</summary>
    public Task<IReadOnlyList<MediaText>> ReadAsync(Exchange exchange, ActiveRule rule, BodyMedia media)
    {
        var asked = new List<(ExternalCheck Check, CheckMedia Media)>();
        var isTooMuch = media.IsOverfull;
        foreach (ref readonly var item in media.Items)
        {
            using var bytes = item.Encoding == MediaEncoding.Remote ? null : MediaBytes.Read(media.Body, item);
            if (bytes is null || MediaSniffer.Of(bytes.Memory.Span) is not { } kind) continue;
            var readers = Array.FindAll(rule.Checks, check => check.AppliesTo(isReply: false) && MediaProtocols.Reads(check.Kind, kind.Type));
            if (readers.Length == 0) continue;
            isTooMuch |= asked.Count >= MostItems;
            if (isTooMuch) break;
            var copy = new CheckMedia(exchange.RequestId, bytes.Memory.ToArray(), kind.Type);
            foreach (var reader in readers) asked.Add((reader, copy));
        }
        return AskAsync(exchange, rule, asked, isTooMuch);
    }

    /// <summary>Shows what was read to the guardrails in the gateway.</summary>
    /// <returns>Why nothing may pass; null = it may.</returns>
    public ScreenVerdict? Judge(Exchange exchange, ActiveRule rule, IReadOnlyList<MediaText> texts)
    {
        var found = new FindingList();
        foreach (var text in texts)
        {
            if (text.Text is null)
            {
                metrics.Guardrails.Failed(rule.Guardrail.Name);
                if (text.FailsOpen) continue;
                return new(rule, [], HasFailed: true);
            }
            foreach (var looking in exchange.Screened!.Rules)
                if (looking.Guardrail is not (IRequestGuardrail or IMediaGuardrail or ExternalChecksGuardrail) && Look(exchange.Screened, rule, looking, text, found) is { } verdict) return verdict;
        }
        return null;
    }

    private async Task<IReadOnlyList<MediaText>> AskAsync(Exchange exchange, ActiveRule rule, List<(ExternalCheck Check, CheckMedia Media)> asked, bool isTooMuch)
    {
        var texts = new List<MediaText>();
        if (isTooMuch) texts.Add(new(null, TextSource.Document, FailsOpen: !Array.Exists(rule.Checks, static check => check.ReadsMedia && !check.FailsOpen)));
        foreach (var some in asked.Chunk(AtATime)) texts.AddRange(await Task.WhenAll(some.Select(one => AskAsync(exchange, one.Check, one.Media))));
        return texts;
    }

    private async Task<MediaText> AskAsync(Exchange exchange, ExternalCheck check, CheckMedia media)
    {
        // What must stay in a region does not leave it to be looked at.
        var text = RegionFilter.MayGoTo(exchange.Caller!, exchange.Request, check.Regions) ? await caller.ReadAsync(check, media, exchange.Http.RequestAborted) : null;
        return new(text, check.Kind == GuardrailCheckKinds.Transcription ? TextSource.User : TextSource.Document, check.FailsOpen);
    }

    private ScreenVerdict? Look(Screened screened, ActiveRule outside, ActiveRule looking, MediaText text, FindingList found)
    {
        var name = looking.Guardrail.Name;
        var since = time.GetTimestamp();
        found.Clear();
        try
        {
            looking.Guardrail.Look(text.Text, text.Source, looking, found);
        }
        catch (Exception)
        {
            // As with prompts: it says nothing, and its own policy says what becomes of that. The exception may hold the text.
            return Fail(looking);
        }
        if (time.GetElapsedTime(since) > looking.TimeLimit) return Fail(looking);
        found.Remove(looking.ExceptTypes);
        if (found.Count == 0) return null;
        var action = looking.PromptAction == GuardrailActions.Flag || outside.PromptAction == GuardrailActions.Flag ? GuardrailActions.Flag : GuardrailActions.Block;
        foreach (var finding in found.All) screened.Tally.Add(name, isReply: false, action, finding.Type);
        metrics.Guardrails.Found(name, action, isReply: false, found.Count);
        return action == GuardrailActions.Flag ? null : new(looking, [.. found.All.ToArray().Select(finding => finding.Type)], HasFailed: false);
    }

    private ScreenVerdict? Fail(ActiveRule looking)
    {
        metrics.Guardrails.Failed(looking.Guardrail.Name);
        return looking.FailsOpen ? null : new(looking, [], HasFailed: true);
    }
}

/// <summary>What a check read.</summary>
/// <param name="Text">The text; null = it said nothing.</param>
/// <param name="Source">Who counts as having written it.</param>
/// <param name="FailsOpen">Whether the request goes on where it said nothing.</param>
internal sealed record MediaText(string? Text, TextSource Source, bool FailsOpen);
