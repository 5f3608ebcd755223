namespace AspireGateway.Portal.ConfigurationFiles.Yaml;

/// <summary>A value of a YAML file with the place where it begins.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
internal abstract record YamlNode(long Line, long Column)
{
    /// <summary>The place in words.</summary>
    public string At => $"line {Line}, column {Column}";
}

/// <summary>A single value as it is written.</summary>
/// <param name="Text">Its text.</param>
/// <param name="IsPlain">Whether it stands without quotes, so that it may be a number, true, false or nothing.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
internal sealed record YamlScalar(string Text, bool IsPlain, long Line, long Column) : YamlNode(Line, Column)
{
    /// <summary>Whether nothing is said.</summary>
    public bool IsNull => IsPlain && Text is "" or "~" or "null";
}

/// <summary>A list.</summary>
/// <param name="Items">Its values.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
internal sealed record YamlList(IReadOnlyList<YamlNode> Items, long Line, long Column) : YamlNode(Line, Column);

/// <summary>Names with values.</summary>
/// <param name="Fields">Each name once, in the order of the file.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
internal sealed record YamlMap(IReadOnlyList<YamlField> Fields, long Line, long Column) : YamlNode(Line, Column);

/// <summary>A name with its value.</summary>
/// <param name="Name">The name.</param>
/// <param name="Key">Where the name stands.</param>
/// <param name="Value">The value.</param>
internal sealed record YamlField(string Name, YamlScalar Key, YamlNode Value);
