using System.Buffers;

namespace AspireGateway.Gateway.Ingress;

/// <summary>The id under which a request can be found again.</summary>
internal static class RequestId
{
    private const int MaxLength = 128;

    // No spaces, quotes or controls: the id goes into headers, logs and file names of others.
    private static readonly SearchValues<char> Allowed = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:");

    /// <summary>The caller's <c>x-request-id</c> if it is well formed (1 to 128 of letters, digits and <c>-_.:</c>), else <c>req_</c> and the record's id.</summary>
    public static string From(IHeaderDictionary headers, Guid recordId)
    {
        if (headers.TryGetValue("x-request-id", out var given) && given.Count == 1 && given[0] is { Length: > 0 and <= MaxLength } id
            && !id.AsSpan().ContainsAnyExcept(Allowed))
            return id;
        return string.Create(36, recordId, static (span, value) =>
        {
            "req_".CopyTo(span);
            value.TryFormat(span[4..], out _, "N");
        });
    }
}
