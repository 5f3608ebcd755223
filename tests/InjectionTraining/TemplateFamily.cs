namespace AspireGateway.InjectionTraining;

/// <summary>Templates of one cause.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsHeldOut">Whether training never sees it.</param>
/// <param name="Kind">For ordinary texts, which rate of false positives it counts for: <c>ordinary</c> or <c>talk</c>.</param>
/// <param name="Templates">One of them makes a text.</param>
internal sealed record TemplateFamily(string Name, bool IsHeldOut, string Kind, List<string> Templates);
