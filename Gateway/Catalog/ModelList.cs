using System.Text.Json;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Routing;
using AspireGateway.Gateway.State;

namespace AspireGateway.Gateway.Catalog;

/// <summary>The models that a caller may use, in OpenAI's shape (API reference, "List models"). Names of models that it may not use do not appear.</summary>
internal static class ModelList
{
    /// <summary>Writes the list: every name that a request may carry, sorted, aliases included.</summary>
    public static Refusal? Write(Caller caller, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("object"u8, "list"u8);
        json.WriteStartArray("data"u8);
        foreach (var (name, model) in Usable(caller)) Write(name, model, json);
        json.WriteEndArray();
        json.WriteEndObject();
        return null;
    }

    /// <summary>Writes one model, or refuses as if it did not exist when the caller may not use it.</summary>
    public static Refusal? WriteOne(Caller caller, string name, Utf8JsonWriter json)
    {
        if (FindUsable(caller, name, out var model) is { } refusal) return refusal;
        Write(name, model!, json);
        return null;
    }

    /// <summary>Finds a model that the caller may use; one that it may not use does not exist for it.</summary>
    public static Refusal? FindUsable(Caller caller, string name, out ModelSnapshot? model)
    {
        model = ModelAccess.Find(caller.Organisation, name);
        if (model is not null && ModelAccess.Allows(caller, model.Name)) return null;
        return Refusal.ModelNotFound("There is no such model for this key. GET /v1/models lists those that it may use.");
    }

    /// <summary>Every name that the caller may use, sorted.</summary>
    public static IEnumerable<KeyValuePair<string, ModelSnapshot>> Usable(Caller caller) =>
        caller.Organisation.Models.Concat(caller.Organisation.DirectModels)
            .Where(entry => ModelAccess.Allows(caller, entry.Value.Name))
            .OrderBy(entry => entry.Key, StringComparer.Ordinal);

    private static void Write(string name, ModelSnapshot model, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, name);
        json.WriteString("object"u8, "model"u8);
        json.WriteNumber("created"u8, model.CreatedAt.ToUnixTimeSeconds());
        json.WriteString("owned_by"u8, model.Deployments.Length > 0 ? model.Deployments[0].Provider.Slug : "gateway");
        json.WriteEndObject();
    }
}
