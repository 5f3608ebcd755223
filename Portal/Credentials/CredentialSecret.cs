using AspireGateway.Portal.Configuration;

namespace AspireGateway.Portal.Credentials;

/// <summary>A provider's key on its way in.</summary>
internal static class CredentialSecret
{
    private const int MaxLength = 8192, HintLength = 4, ShortestWithHint = 16;

    /// <summary>The secret without blanks around it; faults go to the checks and never quote it.</summary>
    public static string Read(FieldChecks checks, string? given)
    {
        var secret = given?.Trim() ?? "";
        if (secret.Length == 0) checks.Add("secret", "secret is required.");
        else if (secret.Length > MaxLength) checks.Add("secret", $"secret may be at most {MaxLength} characters long.");
        // It travels in a header.
        else if (secret.Any(c => c is < ' ' or > '~')) checks.Add("secret", "secret may hold visible ASCII characters only.");
        return secret;
    }

    /// <summary>The part that lists show: too little to help a thief.</summary>
    public static string Hint(string secret) => secret.Length < ShortestWithHint ? "" : secret[^HintLength..];
}
