namespace AspireGateway.Shared.Redis;

/// <summary>How far reading came.</summary>
internal enum RespProgress
{
    /// <summary>More bytes are needed.</summary>
    Partial,

    /// <summary>All of it is there.</summary>
    Complete,

    /// <summary>The bytes do not follow the protocol.</summary>
    Malformed,
}
