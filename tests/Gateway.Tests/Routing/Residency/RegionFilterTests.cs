using System.Buffers;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Routing;
using AspireGateway.Gateway.State;
using AspireGateway.Gateway.State.Steering;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Gateway.Tests.Routing.Residency;

/// <summary>Who may be served where.</summary>
public sealed class RegionFilterTests
{
    [Fact]
    public void NoRule_KeepsAll_AlsoWithoutRegion()
    {
        Assert.Equal("paris: ohio: nowhere:", Plan(new(), out var refusal));
        Assert.Null(refusal);
    }

    [Theory]
    [InlineData("organisation")]
    [InlineData("team")]
    [InlineData("key")]
    [InlineData("user")]
    [InlineData("feature")]
    [InlineData("data_class")]
    public void EachScope_BindsByItself_AndDropsDeploymentsWithoutRegion(string scope)
    {
        Assert.Equal("paris: ohio:region nowhere:region", Plan(new Rules().With(scope, "eu-*"), out var refusal));
        Assert.Null(refusal);
    }

    [Fact]
    public void Scopes_OfOneRequest_HoldTogether()
    {
        Assert.Equal("paris: ohio:region nowhere:region", Plan(new Rules().With("team", "eu-*", "us-*").With("user", "eu-west-3", "ap-*"), out var refusal));
        Assert.Null(refusal);
        Assert.Equal("paris:region ohio:region nowhere:region", Plan(new Rules().With("team", "eu-*").With("data_class", "us-*"), out refusal));
        Assert.Equal(
            (403, "region_not_allowed", "No deployment of model 'm' is where this request may be processed. Allowed: eu-* (team 'blue') and us-* (data class 'health'). Its deployments are in: eu-west-3 (paris), us-east-2 (ohio), "
                + "no known region (nowhere). Use another model, or let a platform engineer add a deployment in an allowed region."),
            (refusal!.Status, refusal.Code, refusal.Message));
    }

    [Fact]
    public void Region_OfADeployment_IsComparedWithoutCase() =>
        Assert.Equal("paris: ohio:region nowhere:region", Plan(new Rules { ParisIs = "EU-West-3" }.With("key", "eu-west-3"), out _));

    [Theory]
    [InlineData("health, ")]
    [InlineData("health,health")]
    public void DataClass_Several_AllBind(string declared) =>
        Assert.Equal("paris: ohio:region nowhere:region", Plan(new Rules { Declares = declared }.With("data_class", "eu-*"), out _));

    [Theory]
    [InlineData("helth")]
    [InlineData("health,secret")]
    [InlineData("a,b,c,d,e,f,g,h,i")]
    public void DataClass_NotDefined_IsRefusedRatherThanUnprotected(string declared)
    {
        Plan(new Rules { Declares = declared }.With("data_class", "eu-*"), out var refusal);
        Assert.Equal((400, "invalid_request_error", "x-gateway-data-class"), (refusal!.Status, refusal.Code, refusal.Param));
        Plan(new Rules { Declares = declared }, out refusal);
        Assert.Equal(400, refusal!.Status);
    }

    [Fact]
    public void NothingEnabled_IsNotAQuestionOfRegions()
    {
        Plan(new Rules { AreEnabled = false }.With("key", "eu-*"), out var refusal);
        Assert.Equal("no_healthy_deployment", refusal!.Code);
    }

    private static string Plan(Rules rules, out Refusal? refusal)
    {
        using var facts = new RequestFacts(ArrayPool<byte>.Shared.Rent(8), 2) { UserId = "zoe", Feature = "chat", DataClass = rules.Declares };
        refusal = PlanRoute.Plan(rules.Caller(), "m", facts, DateTimeOffset.UnixEpoch, out var plan);
        return plan is null ? "" : string.Join(' ', plan.Candidates.Select(c => $"{c.Deployment.Name}:{c.Dropped}"));
    }

    private sealed class Rules
    {
        private readonly List<ResidencyRow> rows = [];
        private string[] team = [], key = [];

        public string? Declares { get; set; }

        public string ParisIs { get; init; } = "eu-west-3";

        public bool AreEnabled { get; init; } = true;

        public Rules With(string scope, params string[] regions)
        {
            switch (scope)
            {
                case "team": team = regions; break;
                case "key": key = regions; break;
                case "organisation": rows.Add(new(scope, null, regions)); break;
                case "user": rows.Add(new(scope, "zoe", regions)); break;
                case "feature": rows.Add(new(scope, "chat", regions)); break;
                default:
                    rows.Add(new(scope, "health", regions));
                    Declares ??= "health";
                    break;
            }
            return this;
        }

        public Caller Caller()
        {
            var (organisation, provider) = (Guid.CreateVersion7(), Guid.CreateVersion7());
            DeploymentRow Row(string name, string? region) => new(Guid.CreateVersion7(), name, provider, null, name, region, null, null, AreEnabled, DateTimeOffset.UnixEpoch);
            DeploymentRow[] deployments = [Row("paris", ParisIs), Row("ohio", "us-east-2"), Row("nowhere", null)];
            var teamRow = new TeamRow(Guid.CreateVersion7(), "blue", [], null, IsArchived: false, AllowedRegions: team);
            var built = CatalogBuilder.Build(
                new OrganisationCatalog(
                    new OrganisationRow(organisation, "acme", "UTC", null, "closed"), [teamRow],
                    [new ProviderRow(provider, "p", Protocols.OpenAi, "https://api.example.com/v1", false, 1, 2, 3)], [], deployments, [],
                    [new ModelRow(Guid.CreateVersion7(), "m", RoutingStrategies.Priority, DateTimeOffset.UnixEpoch, [], [.. deployments.Select(d => d.Id)])],
                    Steering: new SteeringRows([.. rows])),
                null, []);
            return new Caller(
                new VirtualKeySnapshot
                {
                    Id = Guid.CreateVersion7(), OrganisationId = organisation, TeamId = teamRow.Id, Name = "k", Prefix = "agw-x", SecretHash = new byte[32], AllowedModels = [], AllowedRegions = key,
                },
                built.Teams[teamRow.Id], built);
        }
    }
}
