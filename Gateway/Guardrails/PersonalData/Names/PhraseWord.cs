namespace AspireGateway.Gateway.Guardrails.PersonalData.Names;

/// <summary>A word of a <see cref="Phrase"/>.</summary>
/// <param name="Start">Its first character.</param>
/// <param name="End">The place after it and after the full stop of an abbreviation.</param>
/// <param name="Kinds">What is known of it.</param>
/// <param name="IsUpper">Whether all of it is in capitals.</param>
internal readonly record struct PhraseWord(int Start, int End, NameKinds Kinds, bool IsUpper)
{
    /// <summary>Whether it is of one of the kinds.</summary>
    public bool Is(NameKinds kinds) => (Kinds & kinds) != NameKinds.None;

    /// <summary>Whether it may be a name that the lists do not have.</summary>
    public bool IsUnknown => Kinds is NameKinds.None or NameKinds.FamilyEnding;
}
