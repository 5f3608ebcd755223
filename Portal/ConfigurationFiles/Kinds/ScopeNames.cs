using System.Text.Json.Nodes;
using AspireGateway.Shared.Domain.Limits;

namespace AspireGateway.Portal.ConfigurationFiles.Kinds;

/// <summary>What a file names as a scope, for the commands. They know slugs and names themselves; a key's name is unique in its team only, so files say <c>team/name</c>.</summary>
internal static class ScopeNames
{
    /// <summary>The id or name of an entry's scope; null = the default of the kind, or the one there is.</summary>
    public static async Task<string?> IdAsync(Import import, JsonObject entry, CancellationToken cancellationToken)
    {
        var (kind, name) = (entry["scope_kind"]?.ToString(), entry["scope_id"]?.ToString());
        if (kind != ScopeKinds.Key || name is null) return name;
        return (await import.KeyAsync(name, cancellationToken))?.ToString() ?? name;
    }
}
