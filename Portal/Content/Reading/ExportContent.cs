using System.Security.Cryptography;
using System.Text.Json;
using AspireGateway.Portal.Api;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Portal.Content.Reading;

/// <summary>Whose texts are taken away, and what for.</summary>
public sealed record ExportContentRequest
{
    /// <summary>The user, as callers name them in <c>x-gateway-user</c> or in the body; 1 to 128 characters.</summary>
    public string? UserId { get; init; }

    /// <summary>What for, 10 to 500 characters; stands in the audit.</summary>
    public string? Reason { get; init; }
}

/// <summary>Writes all kept texts of one user as a file, one JSON object a line, newest first, for a reason that stands in the audit. For security reviewers and auditors.</summary>
public sealed class ExportContent(ConfigurationWriter writer, ContentReader reader)
{
    private const int FlushEvery = 20;

    private static readonly byte[] s_newLine = "\n"u8.ToArray();

    /// <summary>Writes the audit entry; what follows may read.</summary>
    public async Task<Result<Done>> RunAsync(Actor actor, ExportContentRequest request, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ReadContent) is { } refusal) return refusal;
        var organisation = actor.OrganisationId!.Value;
        var checks = new FieldChecks();
        var user = checks.Text("user_id", request.UserId, ContentRights.MaxUser);
        var reason = ContentRights.Reason(checks, request.Reason);
        if (checks.Failure is { } faults) return faults;
        return await writer.WriteAsync<Done>(actor, (write, _) =>
        {
            write.Note("content.export", ConfigurationKinds.Content, write.NewId(), organisation, new ContentExportLook(reason, user), DocumentJson.Default.ContentExportLook);
            return Task.FromResult<Result<Done>>(new Done());
        }, cancellationToken);
    }

    /// <summary>Answers with the file, or with why not.</summary>
    public async Task<Failure?> WriteAsync(HttpContext http, Actor actor, ExportContentRequest request, CancellationToken cancellationToken)
    {
        if ((await RunAsync(actor, request, cancellationToken)).Failure is { } refusal) return refusal;
        var answer = http.Response;
        answer.ContentType = "application/x-ndjson";
        answer.Headers.ContentDisposition = "attachment; filename=content.jsonl";
        answer.Headers.CacheControl = "no-store";
        var written = 0;
        try
        {
            await foreach (var row in reader.ReadAsync(new(actor.OrganisationId!.Value, User: request.UserId!.Trim()), null, cancellationToken))
            {
                await JsonSerializer.SerializeAsync(answer.Body, row, ApiJson.Default.KeptContent, cancellationToken);
                await answer.Body.WriteAsync(s_newLine, cancellationToken);
                if (++written % FlushEvery == 0) await answer.Body.FlushAsync(cancellationToken);
            }
        }
        catch (CryptographicException) when (written == 0)
        {
            answer.Clear();
            return new Failure.Conflict(RevealContent.WrongMasterKey);
        }
        return null;
    }
}
