namespace AspireGateway.Portal.Scopes;

/// <summary>What holds for a scope: a limit, a tier's share or a budget, reduced to what can be compared.</summary>
/// <param name="What">The unit, or <see cref="Money"/>.</param>
/// <param name="Period">The time; null = at once, or of one request.</param>
/// <param name="Amount">How much.</param>
/// <param name="IsStrict">True: what goes beyond is refused. False: it waits, goes elsewhere or is announced only.</param>
/// <param name="FromAbove">Whether a lead found it there: set by an admin, a tier's, or a default.</param>
internal sealed record Bound(string What, string? Period, long Amount, bool IsStrict, bool FromAbove)
{
    /// <summary><see cref="What"/> of budgets.</summary>
    public const string Money = "budget";

    /// <summary>Whether this allows no more than the other.</summary>
    public bool IsWithin(Bound other) => What == other.What && Period == other.Period && Amount <= other.Amount && (IsStrict || !other.IsStrict);

    /// <summary>The bound in words.</summary>
    public override string ToString() => What == Money
        ? $"a {Period} budget of ${Configuration.UsdAmount.Text(Amount)}"
        : $"{Amount} {What.Replace('_', ' ')}{(Period is null ? "" : $" a {Period}")}";
}
