using AspireGateway.Gateway.State;
using AspireGateway.Gateway.Telemetry;

namespace AspireGateway.Gateway.Caching.Prefixes;

/// <summary>What is done for providers' caches of one request's beginning. Of one request two attempts may run at once.</summary>
/// <param name="terms">What its policies come to.</param>
/// <param name="table">What was sent lately.</param>
/// <param name="seeds">Makes hashes that are the tenant's own.</param>
/// <param name="counts">Counts what is done.</param>
/// <param name="organisation">Whose it is.</param>
internal sealed class PrefixLookup(PrefixTerms terms, WarmPrefixes table, PrefixSeeds seeds, PrefixCounts counts, Guid organisation)
{
    private readonly Lock sending = new();
    private List<(Guid Deployment, UInt128 Hash)>? sent;

    /// <summary>What its policies come to.</summary>
    public PrefixTerms Terms { get; } = terms;

    /// <summary>What was sent lately.</summary>
    public WarmPrefixes Table { get; } = table;

    /// <summary>What hashes of what the caller says begin with.</summary>
    public byte[] CallerSeed(string model, Ingress.Dialect dialect) => seeds.OfCaller(organisation, model, dialect.ToString());

    /// <summary>What hashes of what a deployment is sent begin with.</summary>
    public byte[] DeploymentSeed(Guid deployment) => seeds.OfDeployment(organisation, deployment);

    /// <summary>Counts what is done.</summary>
    public PrefixCounts Counts { get; } = counts;

    /// <summary>Where the caller's prompt has a beginning's end; the shortest first.</summary>
    public IReadOnlyList<PrefixPlace> Places { get; set; } = [];

    /// <summary>Who holds the longest beginning that is warm; null = nobody.</summary>
    public Warmth? Warm { get; set; }

    /// <summary>The credential that a deployment was last sent the warm beginning with; null = any.</summary>
    public Guid? CredentialAt(DeploymentSnapshot deployment) =>
        Warm is { } warm && warm.DeploymentId == deployment.Id && warm.CredentialId != Guid.Empty ? warm.CredentialId : null;

    /// <summary>Notes a beginning of the body that a deployment is sent.</summary>
    public void Sends(Guid deployment, UInt128 hash)
    {
        lock (sending) (sent ??= []).Add((deployment, hash));
    }

    /// <summary>A deployment's reply stands: what it was sent is warm there, and what the caller said.</summary>
    public void Stands(Guid deployment, Guid credential)
    {
        for (var i = 0; i < Places.Count; i++)
        {
            // Of turns the last one, which the next request begins with; those before it are in the table, or will not come again.
            if (Places[i].Kind != PrefixKind.Turn || i == Places.Count - 1) Table.Note(Places[i].Hash, deployment, credential);
        }
        lock (sending)
        {
            foreach (var (to, hash) in sent ?? [])
                if (to == deployment) Table.Note(hash, deployment, credential);
        }
    }
}
