using System.Security.Cryptography;
using System.Text.Json;
using Npgsql;

namespace AspireGateway.Portal.UsageExports;

/// <summary>Writes a file and its manifest: aside first, then by their names in one step each, so that nobody ever sees half of one.</summary>
internal static class ExportFile
{
    /// <summary>Writes both; what is there by these names is replaced.</summary>
    /// <exception cref="IOException">The folder cannot be written to.</exception>
    public static async Task<ExportManifest> WriteAsync(NpgsqlDataSource database, DueRun run, string folder, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, run.File);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var aside = path + ".part";
        long records, late, bytes;
        string hash;
        await using (var file = new FileStream(aside, FileMode.Create, FileAccess.ReadWrite, FileShare.None, 64 * 1024, FileOptions.Asynchronous))
        {
            (records, late) = await ExportRows.WriteAsync(database, run, file, cancellationToken);
            file.Flush(flushToDisk: true);
            bytes = file.Length;
            file.Position = 0;
            hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken));
        }
        File.Move(aside, path, overwrite: true);
        var manifest = new ExportManifest(Path.GetFileName(path), run.Slug, run.Name, run.Format, run.From, run.To, records, late, bytes, hash);
        var beside = path + ".manifest.json";
        await using (var file = new FileStream(beside + ".part", FileMode.Create, FileAccess.Write, FileShare.None))
        {
            await JsonSerializer.SerializeAsync(file, manifest, ExportJson.Default.ExportManifest, cancellationToken);
            file.Flush(flushToDisk: true);
        }
        File.Move(beside + ".part", beside, overwrite: true);
        return manifest;
    }
}
