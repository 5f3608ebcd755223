using AspireGateway.Portal.Configuration;
using Microsoft.Extensions.Options;

namespace AspireGateway.Portal.RollUps;

/// <summary>Rolls usage up, a batch at a time, as long as the portal runs. Any number of portals may: they take turns. While it waits, sums stay right, only slower.</summary>
internal sealed class RollUpWorker(RollUpBatch batch, RollUpMetrics metrics, IOptions<RollUpOptions> options, TimeProvider clock, ILogger<RollUpWorker> logger)
    : StoreWorker("Rolling usage up", TimeSpan.FromMilliseconds(options.Value.EveryMs), clock, logger)
{
    /// <inheritdoc />
    protected override async Task LookAsync(CancellationToken cancellationToken)
    {
        RollUpStep step;
        do
        {
            step = await batch.RunAsync(cancellationToken);
            metrics.Count(step.Records);
        }
        while (step.IsMore);
        await metrics.LookAsync(cancellationToken);
    }

    /// <inheritdoc />
    protected override Task TidyAsync(CancellationToken cancellationToken) => batch.ForgetAsync(cancellationToken);
}
