using System.Text;
using AspireGateway.Shared.Redis;

namespace AspireGateway.Gateway.Routing.Canaries;

/// <summary>The script that runs inside Redis for a canary.</summary>
internal static class CanaryScript
{
    /// <summary>Adds counts, advances or trips, and tells how the canary stands.</summary>
    public static readonly RedisScript Count = new("canary", Text());

    private static string Text()
    {
        using var stream = typeof(CanaryScript).Assembly.GetManifestResourceStream("Canaries/canary") ?? throw new InvalidOperationException("The script canary is not in the assembly.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
