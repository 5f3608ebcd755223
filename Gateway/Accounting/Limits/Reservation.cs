using AspireGateway.Gateway.Accounting.Ledger;
using AspireGateway.Gateway.State.Spending;
using AspireGateway.Shared.Domain.Limits;

namespace AspireGateway.Gateway.Accounting.Limits;

/// <summary>What one request holds, what it was told, and what refused it.</summary>
internal sealed class Reservation
{
    // Quotas of deployments that were tried; few requests have any.
    private List<Hold>? quotas;

    /// <summary>What it holds in its organisation; null = nothing.</summary>
    public Hold? Hold { get; set; }

    /// <summary>What it holds across organisations; null = nothing.</summary>
    public Hold? WideHold { get; set; }

    /// <summary>The ledger's last answer.</summary>
    public ReserveAnswer Answer { get; set; } = new();

    /// <summary>The opening that stands in the hold.</summary>
    public JournalOpening? Opening { get; set; }

    /// <summary>The meter that refused it last, even if it was let through otherwise then; null = none did.</summary>
    public Meter? RefusedBy { get; set; }

    /// <summary>What that meter said.</summary>
    public ReserveAnswer Refusal { get; set; } = new();

    /// <summary>The budget's refusal that stands unless the cache has an answer; null = there is none.</summary>
    public Pipeline.Refusal? Pending { get; set; }

    /// <summary>The approval that it uses.</summary>
    public ApprovalRow? Approval { get; set; }

    /// <summary>The model that was asked for, when it went to a cheaper one.</summary>
    public string? DowngradedFrom { get; set; }

    /// <summary>The output tokens that it was cut to, when the caller had asked for more.</summary>
    public long? ClampedTo { get; set; }

    /// <summary>Microseconds that it waited in a queue.</summary>
    public long QueuedUs { get; set; }

    /// <summary>Quotas of deployments that it holds.</summary>
    public IReadOnlyList<Hold> Quotas => quotas ?? (IReadOnlyList<Hold>)[];

    /// <summary>
    /// Whether a budget that refuses relies on what is held being all that the request can cost. It is held for one answer: a request of which a failed attempt
    /// was billed has no room for another one.
    /// </summary>
    public bool BoundsSpend(string holdPolicy) => holdPolicy == HoldPolicies.Exact && (Refuses(Hold) || Refuses(WideHold));

    private static bool Refuses(Hold? hold) => hold is not null && Array.Exists(hold.Meters, static meter => meter is { Budget: not null, First: >= 0 });

    /// <summary>Adds a quota.</summary>
    public void Add(Hold quota) => (quotas ??= new(1)).Add(quota);
}
