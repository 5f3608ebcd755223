using AspireGateway.Portal.Configuration;
using AspireGateway.Shared.Domain.Content;

namespace AspireGateway.Portal.Content.Policies;

/// <summary>Checks the settings of a policy; each fault names its field by its path.</summary>
internal static class ContentChecks
{
    private const string Field = "settings";

    /// <summary>The settings as they are kept; meaningless where a fault was added.</summary>
    public static ContentSettings Read(FieldChecks checks, ContentSettingsRequest? request)
    {
        if (request is null)
        {
            checks.Add(Field, "settings is required: say at least what it keeps.");
            return new() { Keep = ContentKeeps.Off };
        }
        checks.Range($"{Field}.retention_days", request.RetentionDays, 1, ContentSettings.MaxRetentionDays);
        checks.Range($"{Field}.max_bytes", request.MaxBytes, ContentSettings.SmallestMaxBytes, ContentSettings.LargestMaxBytes);
        checks.Must(request.Sample is null or (>= ContentSettings.LeastSample and <= 1), $"{Field}.sample", $"{Field}.sample must be from 0.0001 to 1: the share of requests whose texts are kept.");
        // Who must keep all cannot keep some.
        checks.Must(request.Required is not true || request.Sample is null or 1, $"{Field}.sample", $"{Field}.sample must be 1 or missing where required is true.");
        return new()
        {
            Keep = checks.Choice($"{Field}.keep", request.Keep, ContentKeeps.All), Text = string.IsNullOrWhiteSpace(request.Text) ? null : checks.Choice($"{Field}.text", request.Text, ContentForms.All),
            RetentionDays = request.RetentionDays, Sample = request.Sample is 1 ? null : request.Sample, MaxBytes = request.MaxBytes, Required = request.Required ?? false, Traces = request.Traces ?? false,
        };
    }
}
