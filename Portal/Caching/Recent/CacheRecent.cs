namespace AspireGateway.Portal.Caching.Recent;

/// <summary>What the cache did in the last days, as gateways counted it: figures and hashes, nothing of what was asked.</summary>
/// <param name="Entries">Kept replies that saved most, at most <see cref="CacheRecentQuery.MostEntries"/>.</param>
/// <param name="Questions">How close questions lay, by model, those that were compared most first, at most <see cref="CacheRecentQuery.MostModels"/>.</param>
/// <param name="Fault">Why it is not known; null = it is.</param>
public sealed record CacheRecent(IReadOnlyList<CacheEntryFigures> Entries, IReadOnlyList<CloseQuestions> Questions, string? Fault = null);

/// <summary>What a kept reply saved.</summary>
/// <param name="Hash">What it goes by: a keyed hash, by which nobody finds what was asked.</param>
/// <param name="Route">The operation: <c>chat_completions</c>.</param>
/// <param name="Model">The logical model.</param>
/// <param name="Hits">How often it was given.</param>
/// <param name="SavedNanoUsd">What that saved, in nano-USD.</param>
public sealed record CacheEntryFigures(string Hash, string Route, string Model, long Hits, long SavedNanoUsd);

/// <summary>How close the questions of a model's requests lay to kept ones.</summary>
/// <param name="Model">The logical model.</param>
/// <param name="Compared">Questions that were compared.</param>
/// <param name="Steps">By threshold, ascending.</param>
public sealed record CloseQuestions(string Model, long Compared, IReadOnlyList<CloseStep> Steps);

/// <summary>What a threshold would have given.</summary>
/// <param name="Percent">The threshold, in hundredths.</param>
/// <param name="Same">Questions whose closest kept one lay at least so close and asked the same: hits.</param>
/// <param name="Other">Questions of which one lay as close and asked for something else, as far as words tell.</param>
public sealed record CloseStep(int Percent, long Same, long Other);
