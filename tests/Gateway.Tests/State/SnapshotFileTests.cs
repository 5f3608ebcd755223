using System.Collections.Frozen;
using System.Text.Json;
using AspireGateway.Gateway.State;
using AspireGateway.Gateway.State.Spending;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Limits;

namespace AspireGateway.Gateway.Tests.State;

public sealed class SnapshotFileTests : IDisposable
{
    private static readonly DateTimeOffset Moment = new(2026, 11, 21, 10, 0, 0, TimeSpan.Zero);

    private readonly string folder = Directory.CreateTempSubdirectory("agw-snapshot-").FullName;
    private readonly SnapshotFile file;

    public SnapshotFileTests() => file = new SnapshotFile(folder);

    private string FilePath => Path.Combine(folder, "snapshot.bin");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Read_WhatWasWritten_IsEqual()
    {
        var snapshot = Example();

        file.Write(snapshot);
        var (read, problem, faults) = file.Read();

        Assert.Null(problem);
        Assert.Empty(faults);
        Assert.NotNull(read);
        Assert.True(read.FromDisk);
        Assert.Equal((snapshot.Revision, snapshot.RevisionAt, snapshot.LoadedAt), (read.Revision, read.RevisionAt, read.LoadedAt));
        Assert.Equal(Describe(snapshot), Describe(read));
        var model = read.Organisations.Values.Single().Models["quick"];
        Assert.Equal(("fast", "gpt"), (model.Name, model.Deployments.Single().UpstreamModel));
        Assert.Equal([1, 2, 3], model.Deployments.Single().Credentials.Single().Credential.Envelope);
        Assert.Equal(ModelAbilities.Vision | ModelAbilities.Reasoning, model.Deployments.Single().Abilities);
    }

    [Fact]
    public void Read_NoFile_GivesNothingAndNoProblem() => Assert.Equal(default, file.Read());

    [Fact]
    public void Read_AnyByteChanged_IsRefused()
    {
        file.Write(Example());
        var bytes = File.ReadAllBytes(FilePath);

        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] ^= 0x20;
            File.WriteAllBytes(FilePath, bytes);
            var reading = file.Read();
            Assert.Null(reading.Snapshot);
            Assert.NotNull(reading.Problem);
            bytes[i] ^= 0x20;
        }
    }

    [Fact]
    public void Read_CutAnywhere_IsRefused()
    {
        file.Write(Example());
        var bytes = File.ReadAllBytes(FilePath);

        for (var length = 0; length < bytes.Length; length += 7)
        {
            File.WriteAllBytes(FilePath, bytes[..length]);
            Assert.Null(file.Read().Snapshot);
            Assert.NotNull(file.Read().Problem);
        }
    }

    [Fact]
    public void Read_OtherVersionWithRightChecksum_IsRefused()
    {
        file.Write(Example());
        var bytes = File.ReadAllBytes(FilePath);
        bytes[7] = (byte)'9';
        System.Security.Cryptography.SHA256.HashData(bytes.AsSpan(0, bytes.Length - 32), bytes.AsSpan(bytes.Length - 32));
        File.WriteAllBytes(FilePath, bytes);

        Assert.Equal("it was written by another version", file.Read().Problem);
    }

    [Fact]
    public void Write_OverARemainderOfAKilledProcess_Replaces()
    {
        File.WriteAllText(FilePath + ".tmp", "half");

        file.Write(Example());

        Assert.NotNull(file.Read().Snapshot);
        Assert.Equal([FilePath], Directory.GetFiles(folder));
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(FilePath));
    }

    private static ConfigurationSnapshot Example()
    {
        var organisation = Guid.CreateVersion7();
        var (provider, credential, deployment) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        var catalog = new OrganisationCatalog(
            new OrganisationRow(organisation, "acme", "Europe/Berlin", "fast", StorePolicies.Local),
            [new TeamRow(Guid.CreateVersion7(), "research", ["fast", "openai/*"], null, IsArchived: true, GuardrailLevel: "standard")],
            [new ProviderRow(provider, "openai", "openai", "https://api.example.com/v1", true, 1, 2, 3)],
            [new CredentialRow(credential, provider, [1, 2, 3])],
            [new DeploymentRow(deployment, "gpt-eu", provider, credential, "gpt", "eu", 1000, null, IsEnabled: true, Moment, ["vision", "reasoning", "of a later build"])],
            [new PriceRow(Guid.CreateVersion7(), deployment, Moment, """{"input": 1, "output": 2}""")],
            [new ModelRow(Guid.CreateVersion7(), "fast", "priority", Moment, ["quick"], [deployment])]);
        var full = new VirtualKeySnapshot
        {
            Id = Guid.CreateVersion7(), OrganisationId = organisation, TeamId = Guid.CreateVersion7(), Name = "Schlüssel", Prefix = "agw-abcdef",
            SecretHash = Keys.HashOf(7), AllowedModels = ["fast", "*-mini"], DefaultModel = "fast", Feature = "search", MaxBodyBytes = 1, MaxMultipartBytes = long.MaxValue, GuardrailLevel = "strict",
            ExpiresAt = Moment, RevokedAt = DateTimeOffset.MaxValue,
        };
        var built = CatalogBuilder.Build(catalog, null, []);
        return new ConfigurationSnapshot
        {
            Revision = 42,
            RevisionAt = Moment.AddTicks(10),
            LoadedAt = Moment,
            Organisations = new Dictionary<Guid, OrganisationSnapshot> { [organisation] = built }.ToFrozenDictionary(),
            Keys = new KeyIndex([full, Keys.Of(1, 1)]),
            Spending = SpendingIndex.Of(SpendingOf(organisation)),
        };
    }

    // One row of every kind, with and without what may be left out.
    private static SpendingRow[] SpendingOf(Guid organisation)
    {
        var (budget, tier) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        return
        [
            new LimitRow(
                Guid.CreateVersion7(), organisation, ScopeKinds.User, "zoë", LimitUnits.Requests, long.MaxValue, LimitPeriods.Minute, 7, LimitActions.Queue, 500, null),
            new LimitRow(Guid.CreateVersion7(), Guid.Empty, ScopeKinds.Global, null, LimitUnits.Concurrency, 1, null, null, LimitActions.Reject, null, null),
            new BudgetRow(
                budget, organisation, ScopeKinds.Key, null, BudgetPeriods.Monthly, Budget.MaxCapNanoUsd, BudgetActions.Downgrade, "small", [50, 100], Moment.AddTicks(10)),
            new RaiseRow(Guid.CreateVersion7(), organisation, budget, "k", 1, Moment.AddDays(1)),
            new TierRow(tier, organisation, "Free", 10, null, 2),
            new TierAssignmentRow(Guid.CreateVersion7(), organisation, ScopeKinds.Team, null, tier),
            new StopRow(Guid.CreateVersion7(), organisation, ScopeKinds.Model, "openai/gpt", "leaked key"),
            new StopRow(Guid.CreateVersion7(), organisation, ScopeKinds.Key, "k", "ran away", Moment.AddHours(1), IsAnomaly: true),
            new ThrottleRow(Guid.CreateVersion7(), organisation, "k", 60, Moment.AddHours(1)),
            new ThrottleRow(Guid.CreateVersion7(), organisation, "k", 1),
            new ApprovalRow(Guid.CreateVersion7(), organisation, Guid.CreateVersion7(), "fast", Once: true, 12_345, DateTimeOffset.MaxValue),
        ];
    }

    private static string Describe(ConfigurationSnapshot snapshot)
    {
        IReadOnlyList<OrganisationCatalog> catalogs = [.. snapshot.Organisations.Values.Select(organisation => organisation.Catalog!)];
        return JsonSerializer.Serialize(catalogs, CatalogJson.Default.IReadOnlyListOrganisationCatalog)
            + JsonSerializer.Serialize(snapshot.Keys.All.OrderBy(key => key.Id))
            + JsonSerializer.Serialize<IReadOnlyList<SpendingRow>>([.. snapshot.Spending.All.OrderBy(row => row.Id)], SpendingJson.Default.IReadOnlyListSpendingRow);
    }
}
