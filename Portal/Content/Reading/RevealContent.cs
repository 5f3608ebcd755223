using System.Security.Cryptography;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Portal.Content.Reading;

/// <summary>What somebody needs a text for.</summary>
public sealed record RevealContentRequest
{
    /// <summary>What for, 10 to 500 characters; stands in the audit.</summary>
    public string? Reason { get; init; }
}

/// <summary>Shows the kept texts of one request, for a reason that stands in the audit. For security reviewers and auditors; an administrator of either kind has no business in texts.</summary>
public sealed class RevealContent(ConfigurationWriter writer, ContentReader reader)
{
    internal const string WrongMasterKey = "The texts cannot be decrypted: they were kept under another master key. See Gateway__PreviousMasterKeys.";

    /// <summary>Shows them. No text without its audit entry: both are one transaction.</summary>
    public async Task<Result<KeptContent>> RunAsync(Actor actor, Guid id, RevealContentRequest request, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ReadContent) is { } refusal) return refusal;
        var organisation = actor.OrganisationId!.Value;
        var checks = new FieldChecks();
        var reason = ContentRights.Reason(checks, request.Reason);
        if (checks.Failure is { } faults) return faults;

        return await writer.WriteAsync<KeptContent>(actor, async (write, token) =>
        {
            KeptContent? found = null;
            try
            {
                await foreach (var row in reader.ReadAsync(new(organisation, Id: id), null, token)) found = row;
            }
            catch (CryptographicException)
            {
                return new Failure.Conflict(WrongMasterKey);
            }
            if (found is null) return new Failure.NotFound("kept text: no policy wanted it kept, its time is over, or its user was erased");
            write.Note("content.reveal", ConfigurationKinds.Content, id, organisation, new ContentLook(reason), DocumentJson.Default.ContentLook);
            return found;
        }, cancellationToken);
    }
}
