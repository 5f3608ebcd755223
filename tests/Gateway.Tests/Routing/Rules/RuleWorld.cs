using System.Buffers;
using System.Text;
using System.Text.Json;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Routing;
using AspireGateway.Gateway.Routing.Rules;
using AspireGateway.Gateway.State;
using AspireGateway.Gateway.State.Spending;
using AspireGateway.Gateway.State.Steering;
using AspireGateway.Gateway.Tests.State;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Routing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Tests.Routing.Rules;

/// <summary>An organisation with models, rules and a key, and requests on their way through its plan.</summary>
internal sealed class RuleWorld : IBudgetShares
{
    private static readonly Guid Provider = Guid.CreateVersion7();

    private readonly List<RuleRow> rules = [];
    private readonly List<TaskRow> tasks = [];
    private readonly List<DeploymentRow> deployments = [];
    private readonly List<ModelRow> models = [];
    private readonly List<PinRow> pins = [];
    private OrganisationSnapshot? organisation;
    private Gateway.Routing.Quality.QualityRows? quality;

    public RuleWorld(params string[] models)
    {
        foreach (var name in models) Model(name, name + "-1");
    }

    public Guid OrganisationId { get; } = Guid.CreateVersion7();

    public Guid TeamId { get; } = Guid.CreateVersion7();

    public Guid KeyId => Keys.IdOf(7);

    public string[] KeyModels { get; set; } = [];

    public string[] TeamModels { get; set; } = [];

    public string? DefaultModel { get; set; }

    public string TimeZone { get; set; } = "UTC";

    public List<SpendingRow> Spending { get; } = [];

    public Dictionary<Guid, long> Settled { get; } = [];

    public ManualTime Time { get; } = new();

    public bool RecordTasks { get; set; }

    public List<ConfigurationFault> Faults { get; } = [];

    public void Model(string name, params string[] deploymentNames) => ModelBy(RoutingStrategies.Priority, name, deploymentNames);

    public void ModelBy(string strategy, string name, params string[] deploymentNames)
    {
        var ids = new List<Guid>();
        foreach (var deployment in deploymentNames)
        {
            var row = new DeploymentRow(Guid.CreateVersion7(), deployment, Provider, null, deployment + "-upstream", null, null, null, true, default);
            deployments.Add(row);
            ids.Add(row.Id);
        }
        models.Add(new ModelRow(Guid.CreateVersion7(), name, strategy, default, [name + "-alias"], [.. ids]));
        organisation = null;
    }

    /// <summary>A model of deployments that other models have, too.</summary>
    public void ModelOver(string name, params string[] deploymentNames)
    {
        models.Add(new ModelRow(Guid.CreateVersion7(), name, RoutingStrategies.Priority, default, [], [.. deploymentNames.Select(n => deployments.Find(d => d.Name == n)!.Id)]));
        organisation = null;
    }

    public Guid RawRule(string name, string when, string then)
    {
        rules.Add(new RuleRow(Guid.CreateVersion7(), name, when, then));
        organisation = null;
        return rules[^1].Id;
    }

    /// <summary>Pins requests of a scope for a model to a version at a deployment.</summary>
    public void Pin(string kind, string? id, string model, string deployment, string version, string policy = PinPolicies.Fail, string? servedAs = null)
    {
        pins.Add(new PinRow(Guid.CreateVersion7(), kind, id, model, deployments.Find(d => d.Name == deployment)!.Id, version, servedAs, policy));
        organisation = null;
    }

    public Guid Rule(string name, RuleConditions when, RuleAction then) =>
        RawRule(name, JsonSerializer.Serialize(when, RuleJson.Default.RuleConditions), JsonSerializer.Serialize(then, RuleJson.Default.RuleAction));

    public void Task(string name, string[] words, params string[] patterns)
    {
        tasks.Add(new TaskRow(Guid.CreateVersion7(), name, words, patterns));
        organisation = null;
    }

    /// <summary>The published table of quality, by the deployments' names, and a model's bars.</summary>
    public void Quality(Shared.Domain.Quality.QualityBars bars, params (string Task, string Deployment, double Lower)[] cells)
    {
        quality = new(1, [.. cells.Select(c => new Gateway.Routing.Quality.QualityRow(c.Task, "sim", c.Deployment + "-upstream", c.Lower, c.Lower, 1, 100, default, "import"))],
            null, [.. models.Select(model => new Gateway.Routing.Quality.ModelBarsRow(model.Id, bars))]);
        organisation = null;
    }

    /// <summary>An exchange that has come as far as the plan.</summary>
    public Exchange Exchange(string body, Action<IHeaderDictionary>? headers = null, Operation? operation = null)
    {
        var http = new DefaultHttpContext();
        headers?.Invoke(http.Request.Headers);
        var catalog = new OrganisationCatalog(
            new OrganisationRow(OrganisationId, "acme", TimeZone, DefaultModel, "closed"), [new TeamRow(TeamId, "core", TeamModels, null, false)],
            [new ProviderRow(Provider, "sim", "openai", "http://localhost:1", true, 1000, 1000, 1000)], [], deployments, [], models, rules, tasks, new SteeringRows(Pins: [.. pins]), quality);
        organisation ??= CatalogBuilder.Build(catalog, null, Faults);
        var key = new VirtualKeySnapshot
        {
            Id = KeyId, OrganisationId = OrganisationId, TeamId = TeamId, Name = "key", Prefix = "agw-000000", SecretHash = Keys.HashOf(7), AllowedModels = KeyModels,
        };
        var snapshot = new ConfigurationSnapshot
        {
            Revision = 1, LoadedAt = Time.GetUtcNow(), Organisations = System.Collections.Frozen.FrozenDictionary.ToFrozenDictionary([organisation], o => o.Id),
            Keys = new KeyIndex([key]), Spending = SpendingIndex.Of(Spending),
        };
        var exchange = new Exchange(http, operation ?? Operation.ChatCompletions, snapshot, Time) { Caller = new Caller(key, organisation.Teams[TeamId], organisation) };
        var buffer = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetByteCount(body));
        exchange.Request = new RequestFacts(buffer, Encoding.UTF8.GetBytes(body, buffer));
        Assert.Null(RequestFactsReader.Read(exchange.Request, exchange.Operation, 64));
        Assert.Null(CallerHeaders.Read(exchange.Request, exchange));
        return exchange;
    }

    public RouteRules Rules => new(this, Options.Create(new RulesOptions { RecordTasks = RecordTasks }));

    /// <summary>Plans, and says where it goes and why: <c>model reason</c>, or the refusal's code.</summary>
    public string Plan(Exchange exchange)
    {
        var decision = new PlanRoute(Rules).DecideAsync(exchange).AsTask();
        Assert.True(decision.IsCompletedSuccessfully);
        return decision.GetAwaiter().GetResult().Refusal is { } refusal ? refusal.Code : $"{exchange.Plan!.Model.Name} {exchange.Plan.Reason}";
    }

    public string Plan(string body, Action<IHeaderDictionary>? headers = null) => Plan(Exchange(body, headers));

    /// <summary>Plans a question without a model.</summary>
    public string Ask(string prompt, Action<IHeaderDictionary>? headers = null) => Plan(Body(prompt), headers);

    /// <summary>The body of a question without a model.</summary>
    public static string Body(string prompt, string more = "") => $$"""{"messages":[{"role":"user","content":{{JsonSerializer.Serialize(prompt)}}}]{{more}}}""";

    public long? SettledNanoUsd(Guid budget, string scopeKind, string scopeId) => Settled.TryGetValue(budget, out var sum) ? sum : null;

    internal sealed class ManualTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 11, 25, 10, 30, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
