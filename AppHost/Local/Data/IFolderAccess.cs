using AspireGateway.AppHost.Local.Start;

namespace AspireGateway.AppHost.Local.Data;

/// <summary>Folders for another user. Tests stand in for it: they may not be root.</summary>
internal interface IFolderAccess
{
    /// <summary>Makes the folder and gives it to the user alone; a refusal is a fault.</summary>
    Task<Fault?> GiveAsync(string user, string folder, CancellationToken cancellationToken);

    /// <summary>Whether the user gets through to the folder and may write in it.</summary>
    Task<bool> CanReachAsync(string user, string folder, CancellationToken cancellationToken);
}
