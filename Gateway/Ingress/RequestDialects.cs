namespace AspireGateway.Gateway.Ingress;

/// <summary>The callers' dialects of chats: the one list to extend, beside adding a folder here and one in Egress.</summary>
internal static class RequestDialects
{
    /// <summary>The reader of a dialect; null = chats of this dialect go only to providers that speak it.</summary>
    public static IRequestDialect? Of(Dialect dialect) => dialect switch
    {
        _ => null,
    };
}
