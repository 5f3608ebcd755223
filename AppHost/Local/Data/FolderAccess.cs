using AspireGateway.AppHost.Local.Children;
using AspireGateway.AppHost.Local.Start;

namespace AspireGateway.AppHost.Local.Data;

/// <summary>Asks the system itself, as the user in question: mode bits alone do not tell what mounts and access lists allow.</summary>
internal sealed class FolderAccess(Tool tool, IReadOnlyDictionary<string, string> environment) : IFolderAccess
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(10);

    /// <inheritdoc />
    public async Task<Fault?> GiveAsync(string user, string folder, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var result = await tool.RunAsync("chown", [$"{user}:", folder], environment, s_deadline, cancellationToken);
        return result.ExitCode == 0 ? null : new Fault($"cannot give {folder} to user {user} ({result.Reason}): choose another folder with --data DIR");
    }

    /// <inheritdoc />
    public async Task<bool> CanReachAsync(string user, string folder, CancellationToken cancellationToken)
    {
        var result = await tool.RunAsync("test", ["-w", folder], environment, s_deadline, cancellationToken, user);
        return result.ExitCode == 0;
    }
}
