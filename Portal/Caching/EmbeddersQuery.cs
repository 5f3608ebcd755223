using AspireGateway.Portal.Configuration;
using AspireGateway.Shared.Data;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Caching;

/// <summary>Reads which logical models may make vectors. Configuration does not say what a model is for, so it goes by its deployments' names at their providers.</summary>
public sealed class EmbeddersQuery(IDbContextFactory<GatewayDbContext> contexts)
{
    // Words in the names of embeddings models: OpenAI, Cohere, Gemini, Titan and Nomic say "embed"; the others have families of their own.
    private static readonly string[] s_words = ["embed", "voyage", "bge-", "e5-", "gte-", "minilm", "jina-clip"];

    /// <summary>Names of models that look like embeddings models; all models where none does, because somebody may call them otherwise. At most 200.</summary>
    public async Task<IReadOnlyList<string>> RunAsync(Guid organisation, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var all = await (from model in context.Models
                         join place in context.ModelDeployments on model.Id equals place.ModelId
                         join deployment in context.Deployments on place.DeploymentId equals deployment.Id
                         where model.OrganisationId == organisation
                         orderby model.Name
                         select new { model.Name, deployment.UpstreamModel }).Take(PageSize.Max * 10).ToListAsync(cancellationToken);
        var names = all.Where(m => LooksLikeOne(m.Name) || LooksLikeOne(m.UpstreamModel)).Select(m => m.Name).Distinct(StringComparer.Ordinal).Take(PageSize.Max).ToList();
        return names.Count > 0 ? names : [.. all.Select(m => m.Name).Distinct(StringComparer.Ordinal).Take(PageSize.Max)];
    }

    /// <summary>Whether a name is one of an embeddings model, as far as names tell.</summary>
    public static bool LooksLikeOne(string name) => Array.Exists(s_words, word => name.Contains(word, StringComparison.OrdinalIgnoreCase));
}
