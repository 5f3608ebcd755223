using System.Security.Cryptography;
using System.Text;

namespace AspireGateway.Gateway.Caching.Prefixes;

/// <summary>
/// What hashes of beginnings begin with: a key that only gateways of one master key have, the organisation, and where the beginning goes. Without the key nobody can test a guess
/// of a prompt against a hash, and the same prompt of two tenants has two hashes.
/// </summary>
/// <param name="key">The key.</param>
internal sealed class PrefixSeeds(byte[] key)
{
    /// <summary>Of what a caller of an organisation sends to a model.</summary>
    /// <param name="organisation">The organisation.</param>
    /// <param name="model">The logical model.</param>
    /// <param name="dialect">The dialect: the same words are other bytes in another one.</param>
    public byte[] OfCaller(Guid organisation, string model, string dialect) => Of(organisation, "caller", dialect + "\n" + model);

    /// <summary>Of what a deployment is sent for an organisation.</summary>
    public byte[] OfDeployment(Guid organisation, Guid deployment) => Of(organisation, "deployment", deployment.ToString());

    private byte[] Of(Guid organisation, string what, string which)
    {
        var said = Encoding.UTF8.GetBytes($"{organisation}\n{what}\n{which}");
        return HMACSHA256.HashData(key, said);
    }
}
