namespace AspireGateway.Portal.UsageExports;

/// <summary>A file that is to be written.</summary>
/// <param name="Id">The run.</param>
/// <param name="Organisation">Whose usage.</param>
/// <param name="Slug">The organisation's short name, its folder.</param>
/// <param name="Name">The schedule's name, its folder below that.</param>
/// <param name="Format">One of <see cref="ExportFormats"/>.</param>
/// <param name="From">Where its time begins.</param>
/// <param name="To">Where it ends.</param>
/// <param name="Since">What earlier transactions wrote of before was told.</param>
/// <param name="Until">What this and later transactions write comes with the next file.</param>
/// <param name="File">The file below the folder of exports.</param>
internal sealed record DueRun(Guid Id, Guid Organisation, string Slug, string Name, string Format, DateTimeOffset From, DateTimeOffset To, ulong Since, ulong Until, string File);
