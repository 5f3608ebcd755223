using System.Text.Json.Serialization;

namespace AspireGateway.Portal.UsageExports;

/// <summary>What stands beside a file, so that whoever takes it knows that it is whole. Written after the file: no manifest, no file.</summary>
/// <param name="File">The file's name.</param>
/// <param name="Organization">Slug of the organisation.</param>
/// <param name="Export">Name of the schedule.</param>
/// <param name="Format">How it is written.</param>
/// <param name="From">Where its time begins.</param>
/// <param name="To">Where it ends.</param>
/// <param name="Records">Records in it.</param>
/// <param name="Late">Those of earlier times.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">Its SHA-256 in hex.</param>
internal sealed record ExportManifest(
    string File, string Organization, string Export, string Format, DateTimeOffset From, DateTimeOffset To, long Records, long Late, long Bytes, [property: JsonPropertyName("sha256")] string Sha256);

/// <summary>JSON of manifests.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(ExportManifest))]
internal sealed partial class ExportJson : JsonSerializerContext;
