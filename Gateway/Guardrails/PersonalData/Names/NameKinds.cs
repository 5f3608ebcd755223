namespace AspireGateway.Gateway.Guardrails.PersonalData.Names;

/// <summary>What is known of a word that is written with a capital.</summary>
[Flags]
internal enum NameKinds
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>A given name.</summary>
    Given = 1,

    /// <summary>A family name.</summary>
    Family = 2,

    /// <summary>A word that is also, or mostly, no name.</summary>
    Common = 4,

    /// <summary>A title that a name follows.</summary>
    Title = 8,

    /// <summary>One letter, with or without its full stop.</summary>
    Initial = 16,

    /// <summary>A small word inside family names: von, de la.</summary>
    Particle = 32,

    /// <summary>An ending that family names have.</summary>
    FamilyEnding = 64,
}
