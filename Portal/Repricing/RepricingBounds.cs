using AspireGateway.Portal.Configuration;

namespace AspireGateway.Portal.Repricing;

/// <summary>What a re-pricing may be asked for.</summary>
internal static class RepricingBounds
{
    /// <summary>Longest span in days: as long as records are kept by default.</summary>
    public const int MostDays = 400;

    /// <summary>Why the request cannot be served; null = it can.</summary>
    /// <param name="request">The request.</param>
    /// <param name="now">The time.</param>
    /// <param name="hasReason">Whether a reason is needed.</param>
    public static Failure? Refuse(RepricingRequest request, DateTimeOffset now, bool hasReason)
    {
        var checks = new FieldChecks();
        checks.Must(request.PriceVersionId is not null, "price_version_id", "price_version_id is required.");
        checks.Must(request.From is not null, "from", "from is required.");
        checks.Must(request.To is not null, "to", "to is required.");
        if (request is { From: { } from, To: { } to })
        {
            checks.Must(from < to, "to", "to must be later than from.");
            checks.Must(to <= now, "to", "to may not be in the future: requests that come are priced by the price that holds then.");
            checks.Must(to - from <= TimeSpan.FromDays(MostDays), "from", $"from may be at most {MostDays} days before to.");
        }
        if (hasReason) checks.Must(request.Reason?.Trim().Length is >= 3 and <= 500, "reason", "reason must have 3 to 500 characters.");
        return checks.Failure;
    }
}
