namespace AspireGateway.Gateway.Guardrails.Secrets;

/// <summary>How surely a name is that of a secret.</summary>
internal enum SecretNameKind
{
    /// <summary>It is not.</summary>
    None,

    /// <summary>It names a password: what is assigned need not look random.</summary>
    Password,

    /// <summary>It names a key or token: what is assigned looks random.</summary>
    Key,

    /// <summary>A word such as key, which names many other things: only what looks very random counts.</summary>
    WeakKey,
}
