using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AspireGateway.Gateway.Providers.OpenAi;

/// <summary>The vendors that this build knows: one JSON file each in the folder <c>Vendors</c>, embedded.</summary>
internal static class OpenAiVendors
{
    private const string Folder = "OpenAiVendors/";

    /// <summary>All vendors by name, OpenAI itself among them.</summary>
    public static IReadOnlyList<OpenAiVendor> All { get; } = ReadAll();

    /// <summary>OpenAI itself.</summary>
    public static OpenAiVendor OpenAi => All.First(vendor => vendor.Protocol == "openai");

    /// <summary>Reads a vendor's file. A field that is not known is refused: it would be a rule that nobody follows.</summary>
    /// <exception cref="JsonException">The file is not a vendor's.</exception>
    public static OpenAiVendor Read(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, OpenAiVendorJson.Default.OpenAiVendor) ?? throw new JsonException("A vendor's file must hold an object.");

    private static OpenAiVendor[] ReadAll()
    {
        var assembly = Assembly.GetExecutingAssembly();
        var names = assembly.GetManifestResourceNames().Where(name => name.StartsWith(Folder, StringComparison.Ordinal)).Order(StringComparer.Ordinal);
        return [.. names.Select(name => Read(assembly, name))];
    }

    private static OpenAiVendor Read(Assembly assembly, string name)
    {
        using var stream = assembly.GetManifestResourceStream(name)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        try
        {
            return Read(bytes);
        }
        catch (JsonException fault)
        {
            throw new InvalidDataException($"Vendor file '{name}' cannot be read: {fault.Message}", fault);
        }
    }
}

/// <summary>Reading vendors' files.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, UseStringEnumConverter = true,
    ReadCommentHandling = JsonCommentHandling.Disallow, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(OpenAiVendor))]
internal sealed partial class OpenAiVendorJson : JsonSerializerContext;
