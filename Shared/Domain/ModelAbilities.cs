namespace AspireGateway.Shared.Domain;

/// <summary>What the model behind a deployment can do beyond text.</summary>
[Flags]
public enum ModelAbilities
{
    /// <summary>Nothing of it.</summary>
    None = 0,

    /// <summary>Sees images in the prompt.</summary>
    Vision = 1,

    /// <summary>Calls tools.</summary>
    Tools = 2,

    /// <summary>Answers in a given JSON schema.</summary>
    JsonSchema = 4,

    /// <summary>Reasons before it answers.</summary>
    Reasoning = 8,

    /// <summary>Hears audio in the prompt.</summary>
    Audio = 16,

    /// <summary>Reads repeated prompts from a cache at another price.</summary>
    PromptCaching = 32,
}

/// <summary>Names of abilities, as the database and the API have them.</summary>
public static class AbilityNames
{
    private static readonly (ModelAbilities Ability, string Name)[] Known =
    [
        (ModelAbilities.Vision, "vision"), (ModelAbilities.Tools, "tools"), (ModelAbilities.JsonSchema, "json_schema"),
        (ModelAbilities.Reasoning, "reasoning"), (ModelAbilities.Audio, "audio"), (ModelAbilities.PromptCaching, "prompt_caching"),
    ];

    /// <summary>All names, in their order.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Known.Select(k => k.Name)];

    /// <summary>The names of a set, in their order.</summary>
    public static string[] Of(ModelAbilities abilities) => [.. Known.Where(k => abilities.HasFlag(k.Ability)).Select(k => k.Name)];

    /// <summary>The set of some names; names that this build does not know count as nothing.</summary>
    public static ModelAbilities Read(IEnumerable<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        var abilities = ModelAbilities.None;
        foreach (var name in names) abilities |= Known.FirstOrDefault(k => k.Name == name).Ability;
        return abilities;
    }
}
