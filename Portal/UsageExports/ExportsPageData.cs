using AspireGateway.Portal.Configuration;

namespace AspireGateway.Portal.UsageExports;

/// <summary>What the page of usage files shows.</summary>
/// <param name="Exports">The schedules.</param>
/// <param name="Runs">Their files, newest first.</param>
public sealed record ExportsPageData(IReadOnlyList<ExportDetails> Exports, Page<ExportRun> Runs);

/// <summary>A value and how people call it.</summary>
/// <param name="Value">The value.</param>
/// <param name="Text">The word.</param>
internal sealed record ExportWord(string Value, string Text);
