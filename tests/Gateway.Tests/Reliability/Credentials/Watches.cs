using AspireGateway.Gateway.Reliability;
using AspireGateway.Gateway.Reliability.Credentials;
using AspireGateway.Gateway.State.Steering;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AspireGateway.Gateway.Tests.Reliability.Credentials;

/// <summary>Watches over credentials whose events nobody writes.</summary>
internal static class Watches
{
    public static CredentialWatch Silent(IOptions<ReliabilityOptions> options, TimeProvider? time = null) => new(
        new SteeringLog(NpgsqlDataSource.Create("Host=nowhere.invalid"), TimeProvider.System, NullLogger<SteeringLog>.Instance), options, time ?? TimeProvider.System);
}
