namespace AspireGateway.Portal.Components.Pieces;

/// <summary>What a page waits for: not here yet, here, or failed.</summary>
/// <typeparam name="T">The data.</typeparam>
/// <param name="Data">The data; null while it is not here.</param>
/// <param name="Fault">One sentence of fact and one of advice; null = nothing failed.</param>
public sealed record Loaded<T>(T? Data = null, string? Fault = null) where T : class;
