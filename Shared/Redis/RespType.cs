namespace AspireGateway.Shared.Redis;

/// <summary>What an element of a reply is (Redis serialization protocol, version 2).</summary>
public enum RespType
{
    /// <summary>There is no element: the call has no reply.</summary>
    None,

    /// <summary>A line of text such as <c>OK</c>.</summary>
    Simple,

    /// <summary>A refusal; its text begins with a word in capitals such as <c>NOSCRIPT</c>.</summary>
    Error,

    /// <summary>A signed number of 64 bits.</summary>
#pragma warning disable CA1720 // the protocol's own word
    Integer,
#pragma warning restore CA1720

    /// <summary>Bytes of a known length, or null.</summary>
    Bulk,

    /// <summary>A number of elements, or null.</summary>
    Array,
}
