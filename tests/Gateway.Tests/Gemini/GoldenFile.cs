using System.Runtime.CompilerServices;
using AspireGateway.Gateway.Tests.Golden;

namespace AspireGateway.Gateway.Tests.Gemini;

/// <summary>Compares with a golden file; with UPDATE_GOLDEN=1 in the environment the file is written instead, to be read before it is committed.</summary>
internal static class GoldenFile
{
    public static void Equal(string folder, string name, string part, string extension, string actual, [CallerFilePath] string caller = "")
    {
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            var source = Path.Combine(Path.GetDirectoryName(caller)!, "..", "Golden", folder, $"{name}.{part}.{extension}");
            File.WriteAllText(source, actual);
            return;
        }
        Assert.Equal(System.Text.Encoding.UTF8.GetString(GoldenCases.Read(folder, name, part, extension)), actual);
    }
}
