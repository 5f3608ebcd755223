using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AspireGateway.AppHost.Local.Data;

/// <summary>
/// What a script needs to talk to the running host. <c>run.json</c> is there exactly while everything is ready, so that a script can wait for it.
/// </summary>
/// <param name="Gateway">The gateway's base URL.</param>
/// <param name="Portal">The portal's base URL.</param>
/// <param name="Simulator">The simulator's base URL; null when it does not run.</param>
/// <param name="DemoKey">The virtual key of the demo team.</param>
/// <param name="AdminToken">Bearer of the portal's REST API.</param>
/// <param name="SignInUrl">The one-time sign-in link; null where the portal refuses such links (Production).</param>
internal sealed record RunFile(string Gateway, string Portal, string? Simulator, string DemoKey, string AdminToken, string? SignInUrl)
{
    /// <summary>The file's name in the data folder.</summary>
    public const string Name = "run.json";

    /// <summary>Writes the file in one step, readable for the owner alone.</summary>
    public void Write(string path) => PrivateFile.Write(path, JsonSerializer.Serialize(this, RunFileJson.Relaxed().RunFile));
}

/// <summary>The file's JSON form.</summary>
[JsonSerializable(typeof(RunFile))]
internal sealed partial class RunFileJson : JsonSerializerContext
{
    /// <summary>Leaves the characters of URLs as they are, so that a shell's grep can read them too.</summary>
    public static RunFileJson Relaxed() => new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
