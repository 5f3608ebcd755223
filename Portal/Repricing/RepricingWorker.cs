using AspireGateway.Portal.Configuration;
using Microsoft.Extensions.Options;

namespace AspireGateway.Portal.Repricing;

/// <summary>Works on re-pricings, a batch at a time, as long as the portal runs; those that another portal left go on here.</summary>
internal sealed class RepricingWorker(RepricingBatch batch, IOptions<RepricingOptions> options, TimeProvider clock, ILogger<RepricingWorker> logger)
    : StoreWorker("Re-pricing", TimeSpan.FromMilliseconds(options.Value.EveryMs), clock, logger)
{
    /// <inheritdoc />
    protected override async Task LookAsync(CancellationToken cancellationToken)
    {
        while (await batch.RunAsync(cancellationToken)) { }
    }
}
