using AspireGateway.Portal.Configuration;
using AspireGateway.Shared.Data;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Features;

/// <summary>Who is to answer for a feature, as a request says it.</summary>
internal sealed record FeatureOwner(Guid? UserId, string? Email)
{
    private const int MaxEmail = 254;

    /// <summary>Reads it; faults go to the checks.</summary>
    public static FeatureOwner Read(FieldChecks checks, Guid? userId, string? email)
    {
        var address = checks.Optional("owner_email", email, MaxEmail)?.ToLowerInvariant();
        if (address is not null)
        {
            var at = address.IndexOf('@', StringComparison.Ordinal);
            checks.Must(at > 0 && at == address.LastIndexOf('@') && at < address.Length - 1 && !address.Any(char.IsWhiteSpace), "owner_email", "owner_email is an address such as ada@example.org.");
            checks.Must(userId is null, "owner_email", "Give owner_id or owner_email, not both.");
        }
        return new(userId, address);
    }

    /// <summary>The owner in its normal form, a user of the organisation where it is one; or the fault of its field.</summary>
    public async Task<Result<FeatureOwner>> FindAsync(GatewayDbContext context, Guid organisation, CancellationToken cancellationToken)
    {
        if (UserId is { } id)
            return await context.Users.AnyAsync(u => u.Id == id && u.OrganisationId == organisation && u.DisabledAt == null, cancellationToken)
                ? this : new Failure.Invalid([new("owner_id", "There is no such user, or they may sign in no more.")]);
        if (Email is null) return this;
        var user = await context.Users.Where(u => u.OrganisationId == organisation && u.Email == Email && u.DisabledAt == null).Select(u => (Guid?)u.Id).FirstOrDefaultAsync(cancellationToken);
        return user is null ? this : new FeatureOwner(user, null);
    }
}
