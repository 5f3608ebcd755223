using System.Buffers;
using System.Text;
using AspireGateway.Gateway.Guardrails;
using AspireGateway.Gateway.Guardrails.External;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.State;
using AspireGateway.Gateway.State.Steering;
using AspireGateway.Gateway.Telemetry;
using AspireGateway.Shared.Checks;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain.Guardrails;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Tests.Guardrails.External;

/// <summary>Requests of an organisation that has checks.</summary>
internal static class ExternalWorld
{
    public static readonly SecretBox Box = new(Convert.ToBase64String(new byte[32]));

    /// <summary>A check, at a server of the test's.</summary>
    public static CheckRow Row(string kind, string url, string name = "check") =>
        new(Guid.CreateVersion7(), name, kind, url, kind == GuardrailCheckKinds.Chat ? "guard" : null, IsPrivate: true, null, 10_000, GuardrailFailPolicies.Closed, GuardrailCheckTexts.Both, 10_000, []);

    /// <summary>As the gateway asks it.</summary>
    public static ExternalCheck Check(CheckRow row) => ExternalCheck.Of(row)!;

    /// <summary>A question.</summary>
    public static CheckQuestion Question(string text, bool isReply = false) => new("request-1", text, isReply, "organisation", "team", "key", "en");

    /// <summary>Somebody of an organisation with this policy and these checks.</summary>
    public static Caller Caller(GuardrailSettings settings, CheckRow[] checks, ResidencyRow[]? residency = null)
    {
        var (organisation, team, key) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        var built = CatalogBuilder.Build(
            new OrganisationCatalog(
                new OrganisationRow(organisation, "acme", "UTC", null, "closed"), [new TeamRow(team, "blue", [], null, IsArchived: false)], [], [], [], [], [],
                Steering: new SteeringRows(Guardrails: [new GuardrailRow(GuardrailScopes.Organisation, null, settings)], Checks: checks, Residency: residency)),
            null, []);
        return new Caller(new VirtualKeySnapshot { Id = key, OrganisationId = organisation, TeamId = team, Name = "k", Prefix = "agw-x", SecretHash = new byte[32], AllowedModels = [] }, built.Teams[team], built);
    }

    /// <summary>Shows a request to the guardrails.</summary>
    /// <returns>Why it may not leave, and its body as it would.</returns>
    public static Task<(Refusal? Refusal, string Body, Exchange Exchange)> ScreenAsync(CheckCaller caller, GuardrailSettings settings, string text, CheckRow[] checks, ResidencyRow[]? residency = null) =>
        ScreenBodyAsync(caller, settings, $$"""{"model":"m","messages":[{"role":"user","content":"{{text}}"}]}""", checks, residency);

    /// <summary>Shows a whole body to the guardrails.</summary>
    public static async Task<(Refusal? Refusal, string Body, Exchange Exchange)> ScreenBodyAsync(CheckCaller caller, GuardrailSettings settings, string request, CheckRow[] checks, ResidencyRow[]? residency = null)
    {
        var who = Caller(settings, checks, residency);
        var body = Encoding.UTF8.GetBytes(request);
        var rented = ArrayPool<byte>.Shared.Rent(body.Length);
        body.CopyTo(rented, 0);
        var exchange = new Exchange(new DefaultHttpContext(), Operation.ChatCompletions, null, TimeProvider.System) { Caller = who, Request = new RequestFacts(rented, body.Length) };
        Assert.Null(RequestFactsReader.Read(exchange.Request, Operation.ChatCompletions, 64));
        var metrics = new GatewayMetrics();
        // No rule here keeps a request or sends it elsewhere.
        var screen = new ScreenPrompt(metrics, null!, null!, new ExternalScreen(caller, metrics), new MediaTexts(caller, metrics, TimeProvider.System), Options.Create(new IngressOptions()), TimeProvider.System);
        var decision = await screen.DecideAsync(exchange);
        return (decision.Refusal, Encoding.UTF8.GetString(exchange.Request.Body.Span), exchange);
    }
}
