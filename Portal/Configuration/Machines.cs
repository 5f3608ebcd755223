using AspireGateway.Portal.Alerts.Brakes;
using AspireGateway.Portal.Canaries;
using AspireGateway.Shared.Domain.Quality;

namespace AspireGateway.Portal.Configuration;

/// <summary>
/// Who changes things without a person. What they did stands in the audit; it is no state of the configuration that somebody compares with, lists or goes back to,
/// because it comes at any moment and is in no file.
/// </summary>
internal static class Machines
{
    /// <summary>Their names as actors: gateways that roll canaries back, what is learned from votes, and what policies do about keys that run away.</summary>
    public static readonly string[] Names = [AbortCanary.Gateway, QualitySources.Feedback, ApplyPolicies.Watch];
}
