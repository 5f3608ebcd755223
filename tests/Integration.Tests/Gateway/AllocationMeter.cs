using System.Net;

namespace AspireGateway.Integration.Tests.Gateway;

/// <summary>Measures what requests allocate in a gateway's process.</summary>
internal static class AllocationMeter
{
    // What runs beside the requests (timers, the first copy to Postgres) can only add, so the least of the rounds is the requests' own.
    private const int WarmUp = 1_000, Measured = 1_000, Rounds = 4;

    /// <summary>
    /// Settings of a gateway that is measured. Tiered compilation allocates while it works; without it the first requests already run the final code. The
    /// copy to Postgres goes by the clock: on a busy machine, where requests take longer, each would carry a larger part of it.
    /// </summary>
    public static readonly string[] Settings = ["DOTNET_TieredCompilation=0", "Gateway__Journal__ShipIntervalMs=5000"];

    /// <summary>Bytes a request, of requests one after the other.</summary>
    public static async Task<double> PerRequestAsync(GatewayProcess gateway, string key, string body)
    {
        await SendAsync(gateway, key, body, WarmUp);
        var least = double.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            var before = await gateway.MetricAsync("dotnet_gc_allocated_bytes_total");
            await SendAsync(gateway, key, body, Measured);
            least = Math.Min(least, (await gateway.MetricAsync("dotnet_gc_allocated_bytes_total") - before) / Measured);
        }
        return least;
    }

    private static async Task SendAsync(GatewayProcess gateway, string key, string body, int count)
    {
        for (var i = 0; i < count; i++)
        {
            using var response = await gateway.ChatAsync(key, body);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            await response.Content.ReadAsByteArrayAsync();
        }
    }
}
