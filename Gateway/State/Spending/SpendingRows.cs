using System.Text.Json.Serialization;
using AspireGateway.Shared.Domain.Limits;

namespace AspireGateway.Gateway.State.Spending;

/// <summary>A row that limits what is spent: a limit, a budget, a raise, a tier, who has it, a stop, a throttle, a granted approval.</summary>
[JsonDerivedType(typeof(LimitRow), "limit")]
[JsonDerivedType(typeof(BudgetRow), "budget")]
[JsonDerivedType(typeof(RaiseRow), "raise")]
[JsonDerivedType(typeof(TierRow), "tier")]
[JsonDerivedType(typeof(TierAssignmentRow), "assignment")]
[JsonDerivedType(typeof(StopRow), "stop")]
[JsonDerivedType(typeof(ThrottleRow), "throttle")]
[JsonDerivedType(typeof(ApprovalRow), "approval")]
internal abstract record SpendingRow(Guid Id, Guid OrganisationId)
{
    /// <summary>Where the index keeps it.</summary>
    [JsonIgnore]
    public abstract ScopeKey Scope { get; }
}

/// <summary>A scope, or with a null id the default of its kind; all zeros as organisation is the installation.</summary>
internal readonly record struct ScopeKey(Guid OrganisationId, string Kind, string? Id)
{
    /// <summary>Kind of the keys that hold raises, by their budget's id.</summary>
    public const string RaisesOfBudget = "raise";

    /// <summary>Kind of the keys that hold tiers, by their id.</summary>
    public const string Tier = "tier";

    /// <summary>Kind of the keys that hold approvals, by their ticket.</summary>
    public const string Approval = "approval";
}

/// <summary>A row of <c>limits</c>.</summary>
internal sealed record LimitRow(
    Guid Id, Guid OrganisationId, string ScopeKind, string? ScopeId, string Unit, long Amount, string? Period, long? Burst, string OnLimit, int? QueueMs,
    string? DowngradeModel) : SpendingRow(Id, OrganisationId)
{
    /// <inheritdoc />
    public override ScopeKey Scope => new(OrganisationId, ScopeKind, ScopeId);
}

/// <summary>A row of <c>budgets</c>.</summary>
internal sealed record BudgetRow(
    Guid Id, Guid OrganisationId, string ScopeKind, string? ScopeId, string Period, long CapNanoUsd, string OnExceeded, string? DowngradeModel, int[] Thresholds,
    DateTimeOffset CreatedAt) : SpendingRow(Id, OrganisationId)
{
    // By then every gateway has loaded it.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Requests that arrive from this moment on are held against it; what its scope spent in the window before is taken from the books. So each request is
    /// counted in one way, whatever was running when it was made.
    /// </summary>
    [JsonIgnore]
    public DateTimeOffset EffectiveFrom => CreatedAt + Grace;

    /// <inheritdoc />
    public override ScopeKey Scope => new(OrganisationId, ScopeKind, ScopeId);
}

/// <summary>A row of <c>budget_raises</c>.</summary>
internal sealed record RaiseRow(Guid Id, Guid OrganisationId, Guid BudgetId, string? ScopeId, long AmountNanoUsd, DateTimeOffset Until) : SpendingRow(Id, OrganisationId)
{
    /// <inheritdoc />
    public override ScopeKey Scope => new(OrganisationId, ScopeKey.RaisesOfBudget, BudgetId.ToString());
}

/// <summary>A row of <c>tiers</c>.</summary>
internal sealed record TierRow(Guid Id, Guid OrganisationId, string Name, long? RequestsPerMinute, long? TokensPerMinute, long? Concurrency) : SpendingRow(Id, OrganisationId)
{
    /// <inheritdoc />
    public override ScopeKey Scope => new(OrganisationId, ScopeKey.Tier, Id.ToString());
}

/// <summary>A row of <c>tier_assignments</c>.</summary>
internal sealed record TierAssignmentRow(Guid Id, Guid OrganisationId, string ScopeKind, string? ScopeId, Guid TierId) : SpendingRow(Id, OrganisationId)
{
    /// <inheritdoc />
    public override ScopeKey Scope => new(OrganisationId, ScopeKind, ScopeId);
}

/// <summary>A row of <c>kill_switches</c>; or one of <c>key_brakes</c> that stops, which is <see cref="IsAnomaly"/> and may have an end.</summary>
internal sealed record StopRow(Guid Id, Guid OrganisationId, string ScopeKind, string? ScopeId, string Reason, DateTimeOffset? Until = null, bool IsAnomaly = false) : SpendingRow(Id, OrganisationId)
{
    /// <inheritdoc />
    public override ScopeKey Scope => new(OrganisationId, ScopeKind, ScopeId);
}

/// <summary>A row of <c>key_brakes</c> that throttles. It holds beside all limits that the key has, its own, its tier's or the default, and so can only lower.</summary>
internal sealed record ThrottleRow(Guid Id, Guid OrganisationId, string KeyId, long RequestsPerMinute, DateTimeOffset? Until = null) : SpendingRow(Id, OrganisationId)
{
    /// <inheritdoc />
    public override ScopeKey Scope => new(OrganisationId, ScopeKinds.Key, KeyId);

    /// <summary>As a limit: counted, held and refused like every other one.</summary>
    [JsonIgnore]
    public LimitRow AsLimit => new(Id, OrganisationId, ScopeKinds.Key, KeyId, LimitUnits.Requests, RequestsPerMinute, LimitPeriods.Minute, null, LimitActions.Reject, null, null);
}

/// <summary>A granted row of <c>approvals</c>.</summary>
internal sealed record ApprovalRow(
    Guid Id, Guid OrganisationId, Guid KeyId, string Model, bool Once, long CeilingNanoUsd, DateTimeOffset ValidUntil) : SpendingRow(Id, OrganisationId)
{
    /// <inheritdoc />
    public override ScopeKey Scope => new(OrganisationId, ScopeKey.Approval, Id.ToString());
}

/// <summary>JSON of the rows in the last-good file.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(IReadOnlyList<SpendingRow>))]
internal sealed partial class SpendingJson : JsonSerializerContext;
