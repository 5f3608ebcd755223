using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.State;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Gateway.Routing;

/// <summary>Which models a caller may use: what its key allows within what its team allows.</summary>
internal static class ModelAccess
{
    /// <summary>The name that asks for the default model, as does no name at all.</summary>
    public const string Auto = "auto";

    /// <summary>The model behind a name: a logical model, one of its aliases, or <c>provider/model</c>.</summary>
    public static ModelSnapshot? Find(OrganisationSnapshot organisation, string name) =>
        organisation.Models.TryGetValue(name, out var model) || organisation.DirectModels.TryGetValue(name, out model) ? model : null;

    /// <summary>The default model's name: of the key, else of the team, else of the organisation.</summary>
    public static string? DefaultOf(Caller caller) => caller.Key.DefaultModel ?? caller.Team.DefaultModel ?? caller.Organisation.DefaultModel;

    /// <summary>Whether the caller may use a model. Lists name logical models or <c>provider/model</c>; an alias counts as what it stands for.</summary>
    public static bool Allows(Caller caller, string model) =>
        ModelPattern.AnyMatches(caller.Key.AllowedModels, model) && ModelPattern.AnyMatches(caller.Team.AllowedModels, model);
}
