namespace AspireGateway.Portal.Security.Oidc;

/// <summary>Why somebody was not signed in. The word goes into an address and chooses a sentence; the message goes to the log and quotes nothing of the provider's.</summary>
internal sealed class OidcFault(string word, string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>The provider did not answer, or not as the specification says.</summary>
    public const string Away = "away";

    /// <summary>What the provider said does not fit the request.</summary>
    public const string Refused = "refused";

    /// <summary>The provider left the groups out because there are too many.</summary>
    public const string TooManyGroups = "groups";

    /// <summary>The person, or the provider for them, said no.</summary>
    public const string Denied = "denied";

    /// <summary>The way back does not belong to a sign-in that this browser began here, or it began too long ago.</summary>
    public const string Expired = "expired";

    /// <summary>The word.</summary>
    public string Word { get; } = word;
}
