using AspireGateway.Gateway.Egress;
using AspireGateway.Gateway.Guardrails.External;
using AspireGateway.Gateway.Telemetry;
using AspireGateway.Gateway.Tests.Guardrails.External;

namespace AspireGateway.Gateway.Tests.Matrix;

/// <summary>The step that replies, as the gateway builds it.</summary>
internal static class ReplyStep
{
    // Opens no connection before a check is asked.
    private static readonly CheckCaller Checks = new(ExternalWorld.Box, TimeProvider.System);

    /// <summary>It, counting in these.</summary>
    public static SendReply Of(GatewayMetrics metrics) => new(metrics, new ExternalScreen(Checks, metrics), TimeProvider.System);
}
