using System.IO.Compression;
using System.Security.Cryptography;
using AspireGateway.Portal.Configuration;
using AspireGateway.Shared.Prices;

namespace AspireGateway.Portal.Prices;

/// <summary>A price file that was read without a fault.</summary>
/// <param name="Name">Its name, for people.</param>
/// <param name="Book">What it says.</param>
/// <param name="Sha256">SHA-256 of its bytes.</param>
/// <param name="Compressed">Its bytes, gzip.</param>
public sealed record PriceBookFile(string Name, PriceBook Book, byte[] Sha256, byte[] Compressed)
{
    private const int MaxName = 200;
    private const string DefaultName = "prices.json";

    /// <summary>Reads a file whole; the failure names every model and field that is wrong.</summary>
    public static async Task<Result<PriceBookFile>> ReadAsync(Stream content, string? name, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(content);
        using var bytes = new MemoryStream();
        var buffer = new byte[64 * 1024];
        for (int read; (read = await content.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            bytes.Write(buffer, 0, read);
            if (bytes.Length > PriceBookReader.MaxFileBytes) break;
        }
        bytes.Position = 0;
        var reading = await PriceBookReader.ReadAsync(bytes, cancellationToken);
        if (reading.Book is null)
            return new Failure.Invalid([.. reading.Faults.Select(f => new Fault(FieldOf(f), $"{f}. Nothing was imported."))]);
        bytes.Position = 0;
        var hash = await SHA256.HashDataAsync(bytes, cancellationToken);
        using var compressed = new MemoryStream();
        await using (var gzip = new GZipStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
        {
            bytes.Position = 0;
            await bytes.CopyToAsync(gzip, cancellationToken);
        }
        return new PriceBookFile(Short(name), reading.Book, hash, compressed.ToArray());
    }

    /// <summary>The book in the bytes that the database keeps.</summary>
    /// <exception cref="InvalidOperationException">They are no book: this build reads less than the one that wrote them.</exception>
    public static async Task<PriceBook> OpenAsync(byte[] compressed, CancellationToken cancellationToken)
    {
        await using var gzip = new GZipStream(new MemoryStream(compressed), CompressionMode.Decompress);
        var reading = await PriceBookReader.ReadAsync(gzip, cancellationToken);
        return reading.Book ?? throw new InvalidOperationException($"A stored price book cannot be read: {reading.Faults[0]}.");
    }

    private static string FieldOf(PriceBookFault fault) => (fault.Model, fault.Field) switch
    {
        ("", _) => "file",
        (var model, "") => model,
        var (model, field) => $"{model}.{field}",
    };

    private static string Short(string? name)
    {
        var file = Path.GetFileName(name?.Trim() ?? "");
        return file.Length == 0 ? DefaultName : file.Length <= MaxName ? file : file[..MaxName];
    }
}
