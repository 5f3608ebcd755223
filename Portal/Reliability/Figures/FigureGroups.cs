namespace AspireGateway.Portal.Reliability.Figures;

/// <summary>What figures can be shown by.</summary>
internal static class FigureGroups
{
    /// <summary>By which figures are of who may see the whole organisation's usage: names of features say who works on what.</summary>
    public const string Feature = "feature";

    /// <summary>Every choice, as in <c>by</c>, with its name.</summary>
    public static readonly IReadOnlyList<(string Key, string Name)> All =
        [("model", "Model"), ("provider", "Provider"), ("deployment", "Deployment"), ("task", "Task"), (Feature, "Feature")];

    /// <summary>A choice's name.</summary>
    public static string Name(string key) => All.First(g => string.Equals(g.Key, key, StringComparison.Ordinal)).Name;
}
