using AspireGateway.Shared.Domain.Limits;

namespace AspireGateway.Portal.Scopes;

/// <summary>What a form has chosen as its scope.</summary>
public sealed class ScopeChoice
{
    private string kind = "";

    /// <summary>The kind; of <see cref="ScopeKinds"/>. Another kind forgets which one it was.</summary>
    public string Kind
    {
        get => kind;
        set
        {
            if (value == kind) return;
            (kind, Named) = (value, null);
        }
    }

    /// <summary>Which one: an id or a name.</summary>
    public string? Named { get; set; }

    /// <summary>Whether all are meant that have none of their own.</summary>
    public bool IsDefault { get; set; }

    /// <summary>Whether one has to be named.</summary>
    public bool NeedsName => kind.Length > 0 && kind is not (ScopeKinds.Global or ScopeKinds.Organisation);

    /// <summary>As the API takes it.</summary>
    public string? Id => NeedsName && !IsDefault ? Named : null;

    /// <summary>What is missing, as a fault of <c>scope_id</c>: without a name the API would take it for the default. Null = nothing.</summary>
    public string? Fault => NeedsName && !IsDefault && string.IsNullOrWhiteSpace(Named) ? $"Say which {ScopeWords.One(kind)}." : null;
}
