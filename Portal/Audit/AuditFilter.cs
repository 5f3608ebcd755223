namespace AspireGateway.Portal.Audit;

/// <summary>What changes to list; all conditions hold together.</summary>
public sealed record AuditFilter
{
    /// <summary>Only changes from this moment on.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Only changes before this moment.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Only changes of this thing.</summary>
    public Guid? TargetId { get; init; }

    /// <summary>Only changes of this kind of thing.</summary>
    public string? TargetKind { get; init; }

    /// <summary>Only changes of things whose name begins so, whatever the case; an id is that thing's.</summary>
    public string? Target { get; init; }

    /// <summary>Only this action, e.g. <c>pin.update</c>; what ends with a dot is all that begins so, what begins with one all that ends so.</summary>
    public string? Action { get; init; }

    /// <summary>Only changes by actors whose name begins so, whatever the case.</summary>
    public string? Actor { get; init; }

    /// <summary>The page before's <c>next</c>.</summary>
    public string? After { get; init; }

    /// <summary>Rows of a page; at most 200.</summary>
    public int? Limit { get; init; }
}
