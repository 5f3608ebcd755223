using System.Text.Json.Nodes;
using AspireGateway.Portal.ConfigurationFiles.Kinds;

namespace AspireGateway.Portal.ConfigurationFiles;

/// <summary>One entry of a configuration: as it stands, or as a file wants it.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">What tells it from the others of its kind, for people and for comparing.</param>
/// <param name="Entry">Its fields as in a file.</param>
internal sealed record Thing(FileKind Kind, string Name, JsonObject Entry)
{
    /// <summary>Its id; null = it stands in a file only.</summary>
    public Guid? Id { get; init; }

    /// <summary>Where it stands in the file, in words; null = it stands in none.</summary>
    public string? At { get; init; }

    /// <summary>Its address among all things.</summary>
    public (string Section, string Name) Key => (Kind.Section, Name);
}
