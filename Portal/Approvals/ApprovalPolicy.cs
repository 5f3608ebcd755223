using AspireGateway.Portal.Configuration;
using AspireGateway.Shared.Domain.Limits;

namespace AspireGateway.Portal.Approvals;

/// <summary>From which cost on a request of a team or key is asked about, and what becomes of it; checked.</summary>
/// <param name="ThresholdNanoUsd">In nano-USD; null = none of its own.</param>
/// <param name="Action">Of <see cref="ApprovalActions"/>; null = none of its own.</param>
/// <param name="Model">The cheaper model.</param>
internal sealed record ApprovalPolicy(long? ThresholdNanoUsd, string? Action, string? Model)
{
    private static readonly string[] s_actions = [ApprovalActions.Wait, ApprovalActions.Cheaper];

    /// <summary>Reads the three fields.</summary>
    /// <param name="checks">Takes the faults.</param>
    /// <param name="thresholdUsd">Dollars.</param>
    /// <param name="thresholdNanoUsd">Nano-USD.</param>
    /// <param name="action">The action; missing = none of its own.</param>
    /// <param name="model">The cheaper model.</param>
    /// <param name="allowed">Models that the team or key may use.</param>
    public static ApprovalPolicy Read(
        FieldChecks checks, UsdAmount? thresholdUsd, long? thresholdNanoUsd, string? action, string? model, IReadOnlyList<string> allowed)
    {
        var threshold = checks.Money("approval_threshold", thresholdUsd, thresholdNanoUsd, 0, Budget.MaxCapNanoUsd);
        var word = string.IsNullOrWhiteSpace(action) ? null : checks.Choice("approval_action", action, s_actions);
        var cheaper = checks.AllowedReference("approval_model", model, allowed);
        checks.Must((word == ApprovalActions.Cheaper) == (cheaper is not null), "approval_model", word == ApprovalActions.Cheaper
            ? "approval_model is required with approval_action cheaper." : "approval_model goes with approval_action cheaper only.");
        return new(threshold, word, cheaper);
    }
}
