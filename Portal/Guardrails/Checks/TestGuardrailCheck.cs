using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Checks;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain.Guardrails;
using AspireGateway.Shared.Net;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Guardrails.Checks;

/// <summary>Asks a check about a harmless sample, as gateways ask it, and says what became of it. For those who manage guardrails; changes no configuration.</summary>
internal sealed class TestGuardrailCheck(IDbContextFactory<GatewayDbContext> contexts, CheckClient client, SecretBox box, TimeProvider clock)
{
    private const string Nobody = "portal-test";

    /// <summary>Asks it once, within its own time limit.</summary>
    public async Task<Result<GuardrailCheckTrial>> RunAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageGuardrails) is { } refusal) return refusal;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var check = await context.GuardrailChecks.AsNoTracking().FirstOrDefaultAsync(c => c.Id == id && c.OrganisationId == actor.OrganisationId, cancellationToken);
        if (check is null) return new Failure.NotFound("check");
        if (CheckTarget.Of(check.Kind, check.Url, check.Model, check.IsPrivate) is not { } target) return Nothing("Its address is none.", TimeSpan.Zero);
        var secret = check.SecretEnvelope is { } envelope ? box.Open(envelope, check.Id) : null;
        if (check.SecretEnvelope is not null && secret is null) return Nothing("Its secret cannot be opened with the master keys that are set. Send the secret again.", TimeSpan.Zero);

        var began = clock.GetTimestamp();
        using var limit = new CancellationTokenSource(TimeSpan.FromMilliseconds(check.TimeLimitMs), clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return Said(check, await AskAsync(target, check, secret, either.Token), clock.GetElapsedTime(began));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Nothing($"It did not answer within its time limit of {check.TimeLimitMs} ms.", clock.GetElapsedTime(began));
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException)
        {
            return Nothing(InWords(fault), clock.GetElapsedTime(began));
        }
    }

    private Task<CheckReply> AskAsync(CheckTarget target, GuardrailCheck check, string? secret, CancellationToken cancellationToken)
    {
        var id = $"test-{Guid.CreateVersion7(clock.GetUtcNow())}";
        if (GuardrailCheckKinds.ReadsMedia(check.Kind))
            return client.ReadAsync(target, check.Kind == GuardrailCheckKinds.Ocr ? new(id, CheckSamples.Picture(), "image/png") : new(id, CheckSamples.Sound(), "audio/wav"), secret, cancellationToken);
        // One that looks at replies only is shown it as a reply.
        var question = new CheckQuestion(id, CheckSamples.Text, check.AppliesTo == GuardrailCheckTexts.Replies, check.OrganisationId.ToString(), Nobody, Nobody, "en");
        return client.AskAsync(target, question, secret, cancellationToken);
    }

    private static GuardrailCheckTrial Said(GuardrailCheck check, CheckReply reply, TimeSpan time)
    {
        if (reply.Fault != CheckFault.None) return Nothing(InWords(check, reply), time) with { Status = reply.Status };
        var types = reply.Answer?.Findings.Select(finding => finding.Type).Distinct(StringComparer.Ordinal).ToArray() ?? [];
        return new()
        {
            IsWorking = true, Status = reply.Status, DurationMs = Whole(time), Types = types,
            Verdict = reply.Text is { } text ? $"It read {text.Length} {(text.Length == 1 ? "character" : "characters")}."
                : types.Length == 0 ? "It lets the sample pass." : $"It would {reply.Answer!.Action ?? "act on"} the sample: {string.Join(", ", types)}.",
        };
    }

    private static string InWords(GuardrailCheck check, CheckReply reply) => reply.Fault switch
    {
        CheckFault.TooLarge => "Its answer is larger than 256 KB.",
        CheckFault.NotUnderstood => $"Its answer is not what a check of kind {check.Kind} answers.",
        _ => reply.Status switch
        {
            >= 300 and < 400 => $"It answered {reply.Status}: it redirects elsewhere, which is not followed. Set the address that it leads to.",
            401 or 403 => $"It answered {reply.Status}: it does not take the secret.",
            404 or 405 => $"It answered {reply.Status}: this is not the address that is posted to.",
            _ => $"It answered {reply.Status}.",
        },
    };

    // Never the exception's own words: they may name addresses of the installation's network.
    private static string InWords(Exception fault)
    {
        for (var inner = fault; inner is not null; inner = inner.InnerException)
            if (inner is AddressForbiddenException) return "Its host leads to an address that it may not have. Mark the check private if that is meant.";
        return fault is HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } ? "Its TLS certificate or protocol was not accepted." : "It could not be reached.";
    }

    private static GuardrailCheckTrial Nothing(string error, TimeSpan time) => new() { IsWorking = false, Error = error, DurationMs = Whole(time) };

    private static int Whole(TimeSpan time) => (int)Math.Min(time.TotalMilliseconds, int.MaxValue);
}
