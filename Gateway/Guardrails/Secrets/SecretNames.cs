using System.Buffers;

namespace AspireGateway.Gateway.Guardrails.Secrets;

/// <summary>The words that name a secret, and the names that hold such a word and mean something else.</summary>
internal static class SecretNames
{
    private static readonly string[] Passwords =
    [
        "password", "passwd", "passwort", "passphrase", "passcode", "kennwort", "contraseña", "contrasena", "mot de passe", "senha", "hasło", "wachtwoord", "pwd", "_pass", "pass=", "pass:", "userpass", "dbpass", "rootpass",
    ];

    private static readonly string[] Keys =
    [
        "secret", "token", "api_key", "apikey", "api-key", "api key", "access_key", "accesskey", "access-key", "access key", "accountkey", "account_key", "account key", "auth_key", "authkey", "private_key", "privatekey", "private key", "encryption_key", "signing_key",
        "license_key", "licensekey", "master_key", "masterkey", "credential", "bearer", "authorization", "clave de api", "clé api", "clé d'api", "api-schlüssel", "chave de api", "chiave api", "klucz api", "api-sleutel", "sig=", "x-amz-signature",
    ];

    private static readonly string[] WeakKeys = ["key", "auth", "schlüssel", "cookie", "session"];

    private static readonly SearchValues<string> Others = SearchValues.Create(
        ["hash", "sha1", "sha256", "sha512", "digest", "checksum", "integrity", "etag", "commit", "public", "pubkey", "fingerprint", "thumbprint", "tokens", "tokenizer", "tokenize", "token_type", "tokentype", "keyword", "keyboard", "monkey", "turkey", "hockey", "keyframe", "_name", "_url", "_uri", "_path",
         "_file", "_type", "_length", "_policy", "_count", "_limit", "_expir", "primary_key", "foreign_key", "cache_key", "cache-key", "cachekey", "sort_key", "partition", "idempotency", "_hint", "_field", "_column", "keystone", "authority", "secretary", "_endpoint", "site_key", "sitekey", "publishable", "resolved", "version", "_arn"],
        StringComparison.OrdinalIgnoreCase);

    /// <summary>All words that a search looks for.</summary>
    public static string[] Words { get; } = [.. Passwords, .. Keys, .. WeakKeys];

    /// <summary>How surely a name is that of a secret.</summary>
    /// <param name="text">The text.</param>
    /// <param name="at">Where a word of <see cref="Words"/> stands.</param>
    /// <param name="length">Gets the word's length.</param>
    public static SecretNameKind KindAt(ReadOnlySpan<char> text, int at, out int length)
    {
        if (Match(text[at..], Passwords, out length)) return SecretNameKind.Password;
        if (Match(text[at..], Keys, out length)) return SecretNameKind.Key;
        return Match(text[at..], WeakKeys, out length) ? SecretNameKind.WeakKey : SecretNameKind.None;
    }

    /// <summary>Whether a whole name, though it holds such a word, names something that is no secret: a hash, a count, an identifier, a place.</summary>
    public static bool IsOther(ReadOnlySpan<char> name) =>
        name.ContainsAny(Others) || name.EndsWith("_id", StringComparison.OrdinalIgnoreCase) || name.EndsWith("-id", StringComparison.OrdinalIgnoreCase) || name.EndsWith("Id", StringComparison.Ordinal) || name.EndsWith("keyid", StringComparison.OrdinalIgnoreCase)
        || name.EndsWith("Name", StringComparison.Ordinal) || name.EndsWith("Url", StringComparison.Ordinal) || name.EndsWith("Path", StringComparison.Ordinal) || name.EndsWith("File", StringComparison.Ordinal) || name.EndsWith("Type", StringComparison.Ordinal);

    private static bool Match(ReadOnlySpan<char> rest, string[] words, out int length)
    {
        length = 0;
        foreach (var word in words)
            if (word.Length > length && rest.StartsWith(word, StringComparison.OrdinalIgnoreCase)) length = word.Length;
        return length > 0;
    }
}
