namespace AspireGateway.Gateway.Guardrails.Secrets;

/// <summary>Sets of characters that tokens are made of.</summary>
internal enum TokenAlphabet
{
    /// <summary>Digits and lower-case letters a to f.</summary>
    Hex,

    /// <summary>Those of <see cref="Hex"/> and the dash.</summary>
    HexDash,

    /// <summary>Digits and capital letters.</summary>
    Upper,

    /// <summary>Digits and lower-case letters.</summary>
    Lower,

    /// <summary>Letters and digits.</summary>
    Alphanumeric,

    /// <summary>Letters, digits, dash and underscore.</summary>
    UrlSafe,

    /// <summary>Those of <see cref="UrlSafe"/> and the dot.</summary>
    Dotted,

    /// <summary>Those of <see cref="UrlSafe"/> and the dollar sign.</summary>
    DollarSafe,

    /// <summary>Those of base64, also in its URL-safe form: plus, slash and equals sign.</summary>
    Base64,
}
