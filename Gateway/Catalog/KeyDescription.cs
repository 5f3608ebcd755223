using System.Text.Json;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Routing;

namespace AspireGateway.Gateway.Catalog;

/// <summary>What a key is and may do, for its own holder.</summary>
internal static class KeyDescription
{
    /// <summary>Writes the description.</summary>
    /// <param name="caller">Whose key.</param>
    /// <param name="json">Where to.</param>
    /// <param name="writeLimits">Writes what it may still use.</param>
    public static Refusal? Write(Caller caller, Utf8JsonWriter json, Action<Utf8JsonWriter> writeLimits)
    {
        var key = caller.Key;
        json.WriteStartObject();
        json.WriteString("object"u8, "key"u8);
        json.WriteString("id"u8, key.Id);
        json.WriteString("name"u8, key.Name);
        json.WriteString("prefix"u8, key.Prefix);
        json.WriteString("organisation"u8, caller.Organisation.Slug);
        json.WriteString("team"u8, caller.Team.Slug);
        json.WriteString("default_model"u8, ModelAccess.DefaultOf(caller));
        json.WriteString("feature"u8, key.Feature);
        WriteList(json, "allowed_models", key.AllowedModels);
        WriteList(json, "team_allowed_models", caller.Team.AllowedModels);
        if (key.MaxBodyBytes is { } body) json.WriteNumber("max_body_bytes"u8, body);
        if (key.MaxMultipartBytes is { } multipart) json.WriteNumber("max_multipart_bytes"u8, multipart);
        if (key.ExpiresAt is { } expires) json.WriteString("expires_at"u8, expires);
        else json.WriteNull("expires_at"u8);
        json.WriteString("user"u8, key.UserId);
        json.WriteString("agent"u8, key.Agent);
        json.WriteString("hold_policy"u8, key.HoldPolicy);
        json.WriteString("guardrail_level"u8, caller.GuardrailFloor);
        writeLimits(json);
        json.WriteEndObject();
        return null;
    }

    // An empty list in the configuration means "all"; to a reader it would look like "none".
    private static void WriteList(Utf8JsonWriter json, string name, string[] patterns)
    {
        json.WriteStartArray(name);
        if (patterns.Length == 0) json.WriteStringValue("*");
        foreach (var pattern in patterns) json.WriteStringValue(pattern);
        json.WriteEndArray();
    }
}
