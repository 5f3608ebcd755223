namespace AspireGateway.Gateway.Tests.Golden;

/// <summary>Cases on disk: one input and one expected output each, named after what they show.</summary>
internal static class GoldenCases
{
    /// <summary>Names of the cases in a folder.</summary>
    public static IEnumerable<string> In(string folder, string extension) =>
        Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Golden", folder), "*.in." + extension)
            .Select(path => Path.GetFileName(path)[..^(".in.".Length + extension.Length)]).Order(StringComparer.Ordinal);

    /// <summary>A file of a case.</summary>
    public static byte[] Read(string folder, string name, string part, string extension) =>
        File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Golden", folder, $"{name}.{part}.{extension}"));
}
