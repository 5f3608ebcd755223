using System.Collections.Frozen;
using AspireGateway.Gateway.Routing.Quality.Feedback;
using AspireGateway.Gateway.State;
using AspireGateway.Gateway.State.Spending;
using AspireGateway.Gateway.State.Steering;
using AspireGateway.Shared.Canaries;

namespace AspireGateway.Gateway.Tests.Routing.Quality;

/// <summary>In which arm of a canary a vote counts.</summary>
public sealed class CanaryVotesTests
{
    private static readonly DateTimeOffset Began = new(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);

    private readonly Guid organisation = Guid.CreateVersion7();

    [Fact]
    public void Votes_CountByTheDeploymentThatServed_Once_AndOnlyWhereItWasFirst()
    {
        var (snapshot, state) = World();
        var twice = Guid.CreateVersion7();
        CanaryVotes.Count(snapshot,
        [
            Vote("new", 0.25), Vote("old", 1), Vote("old", 1, chain: ["old", "old"]),
            // Again, a fallback's reply, none at all, another model's, from before it began, the same request twice.
            Vote("new", 0, isAgain: true), Vote("old", 0, chain: ["new", "old"]), Vote("new", 0, isServed: false), Vote("new", 0, model: "other"), Vote("new", 0, at: Began.AddSeconds(-1)),
            Vote("old", 1, usage: twice), Vote("old", 0, usage: twice),
        ]);
        Assert.Equal((1, 0.25), Drain(state.Canary));
        Assert.Equal((3, 3), Drain(state.Baseline));
        CanaryVotes.Count(null, [Vote("new", 1)]);
    }

    private static (double, double) Drain(ArmTally tally)
    {
        var counts = new ArmCounts();
        tally.DrainInto(counts);
        return (counts.Votes, counts.VoteSum);
    }

    private MatchedVote Vote(string deployment, double score, string model = "m", string[]? chain = null, bool isAgain = false, bool isServed = true, DateTimeOffset? at = null, Guid? usage = null) =>
        new(organisation, score, usage ?? Guid.CreateVersion7(), at ?? Began.AddSeconds(1), isServed, model, deployment, chain ?? [], isAgain);

    private (ConfigurationSnapshot, CanaryState) World()
    {
        var provider = new ProviderRow(Guid.CreateVersion7(), "p", "openai", "http://localhost:1", true, 1, 1, 1);
        DeploymentRow[] deployments = [.. new[] { "old", "new" }.Select(name => new DeploymentRow(Guid.CreateVersion7(), name, provider.Id, null, name, null, null, null, true, default))];
        var canary = new CanaryRow(Guid.CreateVersion7(Began), "m", deployments[1].Id, "user", [5_000], [0], 100, null, null, null, 0.05);
        var catalog = new OrganisationCatalog(
            new(organisation, "acme", "UTC", null, "closed"), [], [provider], [], deployments, [],
            [new ModelRow(Guid.CreateVersion7(), "m", "priority", default, [], [deployments[0].Id])], Steering: new(Canaries: [canary]));
        var built = CatalogBuilder.Build(catalog, null, []);
        var snapshot = new ConfigurationSnapshot
        {
            Revision = 1, LoadedAt = Began, Organisations = FrozenDictionary.ToFrozenDictionary([built], o => o.Id), Keys = new KeyIndex([]), Spending = SpendingIndex.Of([]),
        };
        return (snapshot, built.Steering.Canaries["m"].State);
    }
}
