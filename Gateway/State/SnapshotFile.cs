using System.Security.Cryptography;
using System.Text.Json;
using AspireGateway.Gateway.State.Spending;

namespace AspireGateway.Gateway.State;

/// <summary>
/// The last-good copy of the configuration on local disk: key hashes and sealed envelopes, no secret. Written whole or not at all; readable for its
/// owner only.
/// </summary>
/// <remarks>Layout, little endian: magic and version (8 bytes), header, catalogs and rows of spending as JSON with their lengths, keys, SHA-256 of all before (32 bytes).</remarks>
internal sealed class SnapshotFile(string folder)
{
    // The last character is the version: a change of layout changes it, and older files are ignored.
    private const string Magic = "AGWSNAP2";
    private const int BufferBytes = 1 << 16;

    private readonly string path = Path.Combine(folder, "snapshot.bin");

    /// <summary>Replaces the copy.</summary>
    /// <exception cref="IOException">The folder cannot be written; the old copy is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public void Write(ConfigurationSnapshot snapshot)
    {
        Directory.CreateDirectory(folder);
        var temporary = path + ".tmp";
        File.Delete(temporary);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = BufferBytes };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var stream = new FileStream(temporary, options))
        {
            using (var writer = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true)) Write(writer, snapshot);
            stream.Position = 0;
            var checksum = SHA256.HashData(stream);
            stream.Write(checksum);
            stream.Flush(flushToDisk: true);
        }
        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>Reads the copy, faults of rows included.</summary>
    /// <returns>The snapshot; or none with the reason, which is null when there is no file.</returns>
    public SnapshotFileReading Read()
    {
        try
        {
            if (!File.Exists(path)) return default;
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes);
            return IsWhole(stream) ? Read(stream) : new SnapshotFileReading(null, "it is damaged (checksum)", []);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return new SnapshotFileReading(null, $"it cannot be read ({fault.GetType().Name})", []);
        }
        catch (Exception fault) when (fault is JsonException or ArgumentException or FormatException or InvalidOperationException or KeyNotFoundException)
        {
            // The checksum held, so this is a file of another build rather than a broken disk.
            return new SnapshotFileReading(null, $"its content does not fit this version ({fault.GetType().Name})", []);
        }
    }

    private static void Write(BinaryWriter writer, ConfigurationSnapshot snapshot)
    {
        writer.Write(System.Text.Encoding.ASCII.GetBytes(Magic));
        writer.Write(snapshot.Revision);
        writer.Write(snapshot.RevisionAt?.UtcTicks ?? 0);
        writer.Write(snapshot.LoadedAt.UtcTicks);
        IReadOnlyList<OrganisationCatalog> catalogs =
            [.. snapshot.Organisations.Values.Select(organisation => organisation.Catalog).OfType<OrganisationCatalog>().OrderBy(catalog => catalog.Organisation.Id)];
        var json = JsonSerializer.SerializeToUtf8Bytes(catalogs, CatalogJson.Default.IReadOnlyListOrganisationCatalog);
        writer.Write(json.Length);
        writer.Write(json);
        var spending = JsonSerializer.SerializeToUtf8Bytes<IReadOnlyList<SpendingRow>>([.. snapshot.Spending.All.OrderBy(row => row.Id)], SpendingJson.Default.IReadOnlyListSpendingRow);
        writer.Write(spending.Length);
        writer.Write(spending);
        writer.Write(snapshot.Keys.Count);
        foreach (var key in snapshot.Keys.All) KeyRecord.Write(writer, key);
    }

    private static SnapshotFileReading Read(FileStream stream)
    {
        stream.Position = 0;
        using var reader = new BinaryReader(stream, System.Text.Encoding.UTF8, leaveOpen: true);
        if (System.Text.Encoding.ASCII.GetString(reader.ReadBytes(Magic.Length)) != Magic)
            return new SnapshotFileReading(null, "it was written by another version", []);
        var revision = reader.ReadInt64();
        var revisionAt = reader.ReadInt64();
        var loadedAt = reader.ReadInt64();
        var catalogs = JsonSerializer.Deserialize(reader.ReadBytes(reader.ReadInt32()), CatalogJson.Default.IReadOnlyListOrganisationCatalog) ?? [];
        var faults = new List<ConfigurationFault>();
        var organisations = catalogs.Select(catalog => CatalogBuilder.Build(catalog, null, faults)).ToList();
        var spending = JsonSerializer.Deserialize(reader.ReadBytes(reader.ReadInt32()), SpendingJson.Default.IReadOnlyListSpendingRow) ?? [];
        var keys = new VirtualKeySnapshot[reader.ReadInt32()];
        var names = new SharedText();
        for (var i = 0; i < keys.Length; i++) keys[i] = KeyRecord.Read(reader, names);
        var snapshot = new ConfigurationSnapshot
        {
            Revision = revision,
            RevisionAt = revisionAt == 0 ? null : new DateTimeOffset(revisionAt, TimeSpan.Zero),
            LoadedAt = new DateTimeOffset(loadedAt, TimeSpan.Zero),
            FromDisk = true,
            Organisations = System.Collections.Frozen.FrozenDictionary.ToFrozenDictionary(organisations, organisation => organisation.Id),
            Keys = new KeyIndex(keys),
            Spending = SpendingIndex.Of(spending),
        };
        return new SnapshotFileReading(snapshot, null, faults);
    }

    private static bool IsWhole(FileStream stream)
    {
        var left = stream.Length - SHA256.HashSizeInBytes;
        if (left < Magic.Length) return false;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[BufferBytes];
        while (left > 0)
        {
            var read = stream.Read(buffer, 0, (int)Math.Min(left, buffer.Length));
            if (read == 0) return false;
            hash.AppendData(buffer, 0, read);
            left -= read;
        }
        Span<byte> stored = stackalloc byte[SHA256.HashSizeInBytes];
        stream.ReadExactly(stored);
        return stored.SequenceEqual(hash.GetHashAndReset());
    }
}

/// <summary>What the last-good file gave.</summary>
/// <param name="Snapshot">The snapshot; null = none.</param>
/// <param name="Problem">Why there is none; null when there is one, or when there is no file.</param>
/// <param name="Faults">Things in it that could not serve.</param>
internal readonly record struct SnapshotFileReading(ConfigurationSnapshot? Snapshot, string? Problem, IReadOnlyList<ConfigurationFault> Faults);
