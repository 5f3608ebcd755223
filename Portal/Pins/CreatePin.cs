using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Scopes;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Routing;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Pins;

/// <summary>Pins requests to a version. For those who manage models.</summary>
public sealed class CreatePin(ConfigurationWriter writer)
{
    /// <summary>Pins them; gateways hold to it within a second.</summary>
    public async Task<Result<PinDetails>> RunAsync(Actor actor, CreatePinRequest request, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageModels) is { } refusal) return refusal;
        var organisation = actor.OrganisationId!.Value;
        var checks = new FieldChecks();
        var kind = checks.Choice("scope_kind", request.ScopeKind, PinScopes.All);
        var scope = kind == PinScopes.Model ? null : checks.Text("scope_id", request.ScopeId, ScopeFinder.MaxName);
        checks.Must(kind != PinScopes.Model || string.IsNullOrWhiteSpace(request.ScopeId), "scope_id", "scope_id is for rules, keys, features and teams: a pin of the model is everybody's.");
        var model = checks.ModelName("model", request.Model);
        var settings = PinSettings.Read(checks, request);
        if (checks.Failure is { } faults) return faults;

        return await writer.WriteAsync<PinDetails>(actor, async (write, token) =>
        {
            // By its own name, whatever alias it was given with: requests are planned by it.
            var name = await write.Context.Models.Where(m => m.OrganisationId == organisation && (m.Name == model || m.Aliases.Any(a => a.Name == model)))
                .Select(m => m.Name).FirstOrDefaultAsync(token);
            if (name is null) return new Failure.Invalid([new("model", $"There is no model {model}.")]);
            var found = kind switch
            {
                PinScopes.Model => new ScopeTarget(organisation, kind, null, null),
                PinScopes.Rule => await RulePins.FindAsync(write.Context, organisation, scope!, name, token),
                _ => await ScopeFinder.FindAsync(write.Context, actor, kind, scope, token),
            };
            if (found.Failure is { } unknown) return unknown;
            var target = found.Value;
            if (await write.Context.Pins.AnyAsync(p => p.OrganisationId == organisation && p.Model == name && p.ScopeKind == kind && p.ScopeId == target.Id, token))
                return new Failure.Conflict("These requests are pinned already. Change that pin.", "scope_id");

            var pin = new Pin
            {
                Id = write.NewId(), OrganisationId = organisation, ScopeKind = kind, ScopeId = target.Id, Model = name, Version = "", CreatedAt = write.Now, CreatedBy = actor.Name,
            };
            if (await settings.ApplyAsync(write.Context, pin, token) is { } failure) return failure;
            write.Context.Pins.Add(pin);
            var after = PinDetails.Of(pin);
            write.Record("pin.create", ConfigurationKinds.Pin, pin.Id, organisation, null, after, DocumentJson.Default.PinDetails);
            return after;
        }, cancellationToken);
    }
}
