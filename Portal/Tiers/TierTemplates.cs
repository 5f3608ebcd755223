using AspireGateway.Portal.Configuration;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Limits;

namespace AspireGateway.Portal.Tiers;

/// <summary>What a new organisation begins with.</summary>
internal static class TierTemplates
{
    /// <summary>Adds the four templates inside the change that makes the organisation.</summary>
    public static void Add(ConfigurationWrite write, Guid organisation)
    {
        foreach (var (name, requests, tokens, concurrency) in Tier.Templates)
        {
            var tier = new Tier
            {
                Id = write.NewId(), OrganisationId = organisation, Name = name, RequestsPerMinute = requests, TokensPerMinute = tokens,
                Concurrency = concurrency, CreatedAt = write.Now,
            };
            write.Context.Tiers.Add(tier);
            write.Record("tier.create", ConfigurationKinds.Tier, tier.Id, organisation, null, TierDetails.Of(tier), DocumentJson.Default.TierDetails);
        }
    }
}
