using System.Runtime.CompilerServices;

namespace AspireGateway.Gateway.Tests.Golden;

/// <summary>An expected output on disk. With <c>UPDATE_GOLDEN=1</c> in the environment it is written instead of compared: then its diff is to be read.</summary>
internal static class GoldenFile
{
    /// <summary>Compares, or writes.</summary>
    public static void Check(string folder, string name, string actual)
    {
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(Path.Combine(SourceFolder(), folder, name), actual);
            return;
        }
        var path = Path.Combine(AppContext.BaseDirectory, "Golden", folder, name);
        Assert.True(File.Exists(path), $"There is no golden file {folder}/{name}.");
        Assert.Equal(File.ReadAllText(path), actual);
    }

    private static string SourceFolder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
