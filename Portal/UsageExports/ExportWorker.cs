using AspireGateway.Portal.Configuration;
using Microsoft.Extensions.Options;

namespace AspireGateway.Portal.UsageExports;

/// <summary>Looks every half minute for files that are due, and writes on until a schedule has caught up.</summary>
internal sealed class ExportWorker(ExportRunner runner, IOptions<ExportOptions> options, TimeProvider clock, ILogger<ExportWorker> logger)
    : StoreWorker("Exporting usage", TimeSpan.FromSeconds(30), clock, logger)
{
    /// <inheritdoc />
    protected override async Task LookAsync(CancellationToken cancellationToken)
    {
        if (!options.Value.IsEnabled) return;
        while (await runner.RunAsync(cancellationToken) > 0) { }
    }
}
