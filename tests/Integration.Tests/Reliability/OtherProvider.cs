using AspireGateway.Integration.Tests.Gateway;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Integration.Tests.Reliability;

/// <summary>What a second provider in a world needs.</summary>
internal static class OtherProvider
{
    /// <summary>A credential that the simulator takes.</summary>
    public static async Task<Guid> AddCredentialAsync(GatewayWorld world, Guid provider)
    {
        var credential = await world.Configuration.AddCredentialAsync(world.Organisation, provider);
        await world.Configuration.WriteAsync(
            [new(ConfigurationKinds.Credential, credential, world.Organisation)],
            "update credentials set secret_envelope = $2 where id = $1", credential, new SecretBox(world.MasterKey).Seal("sk-other", credential));
        return credential;
    }
}
