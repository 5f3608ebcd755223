using AspireGateway.Shared.Domain.Routing;

namespace AspireGateway.Portal.Residency;

/// <summary>Residency rules in words.</summary>
internal static class ResidencyWords
{
    /// <summary>Kinds of scopes to choose from.</summary>
    public static readonly IReadOnlyList<KindChoice> Kinds =
    [
        new("Class of data", ResidencyScopes.DataClass), new("Whole organisation", ResidencyScopes.Organisation), new("User", ResidencyScopes.User),
        new("Feature", ResidencyScopes.Feature),
    ];

    /// <summary>A scope: "Data class health".</summary>
    public static string Of(string kind, string? name) => kind switch
    {
        ResidencyScopes.DataClass => $"Data class {name}",
        ResidencyScopes.User => $"User {name}",
        ResidencyScopes.Feature => $"Feature {name}",
        _ => "Whole organisation",
    };
}

/// <summary>A kind of scope to choose.</summary>
/// <param name="Text">Its name.</param>
/// <param name="Value">Its word in the API.</param>
internal sealed record KindChoice(string Text, string Value);
