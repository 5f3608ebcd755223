using AspireGateway.Shared.Domain.Limits;
using AspireGateway.Shared.Ledger;

namespace AspireGateway.Portal.Scopes;

/// <summary>Scopes as people read them.</summary>
public static class ScopeWords
{
    /// <summary>Kinds as a choice offers them.</summary>
    public static string Title(string kind) => kind switch
    {
        ScopeKinds.Global => "Installation",
        _ => char.ToUpperInvariant(kind[0]) + kind[1..],
    };

    /// <summary>A kind within a sentence, one of them: "team".</summary>
    public static string One(string kind) => kind == ScopeKinds.Global ? "installation" : kind;

    /// <summary>Whose it is: "Team Commerce", "Every user without its own", "The organisation".</summary>
    /// <param name="kind">Of <see cref="ScopeKinds"/>.</param>
    /// <param name="id">Which one; null = the default of the kind, or the one there is.</param>
    /// <param name="name">Its name for people; null = deleted, or there is none.</param>
    public static string Of(string kind, string? id, string? name) => (kind, id) switch
    {
        (ScopeKinds.Global, _) => "The installation",
        (ScopeKinds.Organisation, _) => "The organisation",
        (_, null) => $"Every {kind} without its own",
        (_, LedgerFields.OtherNames) => $"All other {kind}s together",
        _ => $"{Title(kind)} {name ?? "(deleted)"}",
    };

    /// <summary>The same within a sentence.</summary>
    public static string Within(string kind, string? id, string? name)
    {
        var words = Of(kind, id, name);
        return char.ToLowerInvariant(words[0]) + words[1..];
    }
}
