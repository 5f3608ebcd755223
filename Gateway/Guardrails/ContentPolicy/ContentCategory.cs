namespace AspireGateway.Gateway.Guardrails.ContentPolicy;

/// <summary>The categories of unwanted content, named as findings name them.</summary>
internal static class ContentCategory
{
    /// <summary>Contempt for people because of what they are: origin, religion, sex, disability.</summary>
    public const string Hate = "HATE";

    /// <summary>Insults and threats to a person.</summary>
    public const string Harassment = "HARASSMENT";

    /// <summary>Suicide and self-injury.</summary>
    public const string SelfHarm = "SELF_HARM";

    /// <summary>Sexual content between adults.</summary>
    public const string Sexual = "SEXUAL";

    /// <summary>Sexual content that involves children.</summary>
    public const string SexualMinors = "SEXUAL_MINORS";

    /// <summary>Bodily violence: wanting it, planning it, dwelling on it.</summary>
    public const string Violence = "VIOLENCE";

    /// <summary>Getting or making weapons and drugs, and crime for gain.</summary>
    public const string Illicit = "ILLICIT";

    /// <summary>Coarse words.</summary>
    public const string Profanity = "PROFANITY";

    /// <summary>All.</summary>
    public static readonly IReadOnlyList<string> All = [Hate, Harassment, SelfHarm, Sexual, SexualMinors, Violence, Illicit, Profanity];
}
