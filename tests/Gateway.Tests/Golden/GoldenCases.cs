namespace AspireGateway.Gateway.Tests.Golden;

/// <summary>Cases on disk: one input and one expected output each, named after what they show.</summary>
internal static class GoldenCases
{
    private const string Binary = "bin";

    /// <summary>Names of the cases in a folder.</summary>
    public static IEnumerable<string> In(string folder, string extension) =>
        Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Golden", folder), "*.in." + Stored(extension))
            .Select(path => Path.GetFileName(path)[..^(".in.".Length + Stored(extension).Length)]).Order(StringComparer.Ordinal);

    /// <summary>A file of a case.</summary>
    public static byte[] Read(string folder, string name, string part, string extension)
    {
        var path = Path.Combine(AppContext.BaseDirectory, "Golden", folder, $"{name}.{part}.{Stored(extension)}");
        return extension == Binary ? Convert.FromHexString(File.ReadAllText(path).ReplaceLineEndings("")) : File.ReadAllBytes(path);
    }

    // Binary frames are kept as text, so that a diff can be read.
    private static string Stored(string extension) => extension == Binary ? "hex" : extension;
}
