using AspireGateway.Portal.Configuration;

namespace AspireGateway.Portal.AccessTokens;

/// <summary>What a token may do: everything or single areas of the API, reading or writing. An area is a noun of the API's addresses; writing reads too.</summary>
public static class AccessTokenScopes
{
    /// <summary>Reads everywhere.</summary>
    public const string Read = "read";

    /// <summary>Reads and writes everywhere.</summary>
    public const string Write = "write";

    /// <summary>Why a call lies outside of the scopes; null = it lies within.</summary>
    public static Failure? Refuse(IReadOnlyList<string> scopes, string method, PathString path)
    {
        var needed = HttpMethods.IsGet(method) || HttpMethods.IsHead(method) ? Read : Write;
        var area = AreaOf(path);
        return area is not null && Covers(scopes, $"{area}:{needed}") ? null : new Failure.Forbidden($"The access token's scopes do not include {area}:{needed}.");
    }

    /// <summary>Whether scopes include another one.</summary>
    public static bool Covers(IReadOnlyList<string> scopes, string scope)
    {
        if (scopes.Contains(scope, StringComparer.Ordinal) || scopes.Contains(Write, StringComparer.Ordinal)) return true;
        var (area, reads) = scope.Split(':') is [var noun, var kind] ? (noun, kind == Read) : (null, scope == Read);
        if (reads && scopes.Contains(Read, StringComparer.Ordinal)) return true;
        return area is not null && reads && scopes.Contains($"{area}:{Write}", StringComparer.Ordinal);
    }

    /// <summary>The scopes of a request, in order and each once; every fault is named.</summary>
    internal static string[] Check(FieldChecks checks, IReadOnlyList<string>? given, IReadOnlyList<string> areas)
    {
        var scopes = (given ?? []).Select(s => s?.Trim() ?? "").Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        checks.Must(scopes.Length is > 0 and <= FieldChecks.MaxEntries, "scopes", "scopes holds at least one of read, write, or the same for an area, as keys:read.");
        if (Array.Find(scopes, s => !IsKnown(s, areas)) is not null)
            checks.Add("scopes", $"scopes holds read, write, or the same for an area, as keys:read. Areas are {string.Join(", ", areas)}.");
        return scopes;
    }

    /// <summary>The noun behind <c>/api/</c>; null = there is none.</summary>
    public static string? AreaOf(PathString path) => path.Value?.Split('/') is ["", "api", { Length: > 0 } noun, ..] ? noun : null;

    private static bool IsKnown(string scope, IReadOnlyList<string> areas) =>
        scope is Read or Write || (scope.Split(':') is [var area, Read or Write] && areas.Contains(area, StringComparer.Ordinal));
}

/// <summary>The areas of the API, read from its own addresses: what is added to it can be put into scopes at once.</summary>
public sealed class ApiAreas(EndpointDataSource endpoints)
{
    /// <summary>The areas, in order.</summary>
    public IReadOnlyList<string> All =>
        [.. endpoints.Endpoints.OfType<RouteEndpoint>()
            .Select(e => AccessTokenScopes.AreaOf(new PathString("/" + e.RoutePattern.RawText?.TrimStart('/'))))
            .OfType<string>().Where(a => !a.Contains('.', StringComparison.Ordinal)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
}
